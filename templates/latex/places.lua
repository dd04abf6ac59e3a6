-- Notes for each page where the stops of the chapters stand on it, in <jobname>.places:
--   opens N FOLIO                              the Nth file that is included begins
--   part N SLUG                                ... with the document of this name
--   closes N                                   ... and its last page is shipped out
--   passes N                                   the Nth file is left out of this pass
--   page WIDTH HEIGHT                          a page is shipped out
--   X Y WIDTH HEIGHT DEPTH PART STOP           a piece of one of its lines
-- in hundredths of a PDF point, from the page's upper left corner; Y is the baseline.
-- It reads the boxes as they are when nothing can move any more, and changes none.
-- Where files begin and end goes to the log too, so that both can be cut there.

places = {}

local direct = node.direct
local getid, getnext, getlist = direct.getid, direct.getnext, direct.getlist
local getwhd, getshift, getkern = direct.getwhd, direct.getshift, direct.getkern
local getattribute, getsubtype = direct.get_attribute, direct.getsubtype
local traverse = direct.traverse
local effective_glue, rangedimensions = direct.effective_glue, direct.rangedimensions

local HLIST, VLIST, RULE = node.id("hlist"), node.id("vlist"), node.id("rule")
local GLYPH, DISC, GLUE, KERN = node.id("glyph"), node.id("disc"), node.id("glue"), node.id("kern")
local DIR = node.id("dir")
local IMAGE = 2        -- the subtype of a rule that is an image
local SPAN = 262144    -- stops that a part can have: 2^18
local UNSET = -0x7FFFFFFF
local HUNDREDTH = 7200 / (72.27 * 65536)

local attribute = luatexbase.registernumber("stopattribute")
local file = io.open(tex.jobname .. ".places", "w")
local part, within = 0, false
local left, top = 0, 0
local rows

local function scaled(length)
  return math.floor(length * HUNDREDTH + 0.5)
end

local function note(value, x, y, width, height, depth)
  if value and value > 0 and width > 0 then
    rows[#rows + 1] = string.format("%d %d %d %d %d %d %d", scaled(x), scaled(y),
      scaled(width), scaled(height), scaled(depth), math.floor(value / SPAN), value % SPAN)
  end
end

local horizontal

-- A box of lines, its upper left corner at x and y.
local function vertical(box, x, y)
  local n = getlist(box)
  while n do
    local id = getid(n)
    if id == HLIST or id == VLIST then
      local _, height, depth = getwhd(n)
      local at = x + getshift(n)
      if id == HLIST then horizontal(n, at, y + height) else vertical(n, at, y) end
      y = y + height + depth
    elseif id == GLUE then
      y = y + effective_glue(n, box)
    elseif id == KERN then
      y = y + getkern(n)
    elseif id == RULE then
      local width, height, depth = getwhd(n)
      if getsubtype(n) == IMAGE then
        note(getattribute(n, attribute), x, y + height, width, height, depth)
      end
      y = y + height + depth
    end
    n = getnext(n)
  end
end

local function has_ink(box)
  for _, id, subtype in traverse(getlist(box)) do
    if id == GLYPH or id == DISC or (id == RULE and subtype == IMAGE) then return true end
  end
  return false
end

-- A line of text: a row for each run of what comes from one stop. A stop is at the
-- beginning of a word, so only what follows a blank, a box or an image is asked for it.
local function line(box, x, y)
  local _, height, depth = getwhd(box)
  local start, from, value = getlist(box), x, nil
  local both_ways, ask = false, true
  for n, id, subtype in traverse(start) do
    if id == GLUE or id == HLIST or id == VLIST or id == RULE or id == DIR then
      ask = true
      if id == VLIST then
        local _, above = getwhd(n)
        vertical(n, from + rangedimensions(box, start, n), y + getshift(n) - above)
      elseif id == DIR then
        both_ways = true
      end
    end
    if ask and (id == GLYPH or id == DISC or id == HLIST or (id == RULE and subtype == IMAGE)) then
      ask = id ~= GLYPH and id ~= DISC
      local at = getattribute(n, attribute)
      if value == nil then
        value = at
      elseif at and at ~= value and not both_ways then
        local width = rangedimensions(box, start, n)
        note(value, from, y, width, height, depth)
        start, from, value = n, from + width, at
      end
    end
  end
  if start then
    note(value, from, y, x + getwhd(box) - from, height, depth)
  end
end

-- A row of boxes, or a line; its left end at x, its baseline at y.
function horizontal(box, x, y)
  if has_ink(box) then return line(box, x, y) end
  local n, start = getlist(box), getlist(box)
  while n do
    local id = getid(n)
    if id == HLIST or id == VLIST then
      x, start = x + rangedimensions(box, start, n), n
      local _, height = getwhd(n)
      local at = y + getshift(n)
      if id == HLIST then horizontal(n, x, at) else vertical(n, x, at - height) end
    end
    n = getnext(n)
  end
end

function places.origin(horizontally, vertically)
  left, top = horizontally, vertically
end

local function shipped(box)
  rows = { string.format("page %d %d", scaled(tex.pagewidth), scaled(tex.pageheight)) }
  local found = direct.todirect(box)
  local x, y = left + tex.hoffset, top + tex.voffset
  if getid(found) == VLIST then
    vertical(found, x, y)
  else
    local _, height = getwhd(found)
    horizontal(found, x, y + height)
  end
  file:write(table.concat(rows, "\n"), "\n")
  return true
end

local function define(name, action)
  local number = luatexbase.new_luafunction(name)
  lua.get_functions_table()[number] = action
  token.set_lua(name, number, "global")
end

define("atstop", function()
  local stop = tonumber(token.scan_argument())
  if stop < SPAN and part < 8192 then tex.setattribute(attribute, part * SPAN + stop) end
end)

local function cut(how, folio)
  local line = string.format("%s %d%s", how, part, folio and " " .. folio or "")
  file:write(line, "\n")
  texio.write_nl("log", "@" .. line)
  texio.write_nl("log", "")
end

function places.opens()
  part, within = part + 1, true
  cut("opens", tex.count["c@page"])
end

function places.closes()
  within = false
  cut("closes")
end

function places.passes()
  part = part + 1
  cut("passes")
end

function places.number()
  return part
end

function places.part(slug)
  if not within then part = part + 1 end
  tex.setattribute(attribute, UNSET) -- what stands before the first stop comes from no line
  file:write(string.format("part %d %s\n", part, slug))
end

luatexbase.add_to_callback("pre_shipout_filter", shipped, "places")
luatexbase.add_to_callback("wrapup_run", function() file:close() end, "places")
