-- Draws a bar in the outer margin beside the lines that hold a change, and notes in
-- <jobname>.changes the pages, counted from 1, that have such lines.
-- It reads the boxes of a page when nothing can move any more, and adds to them a
-- literal that has no size.

local direct = node.direct
local getid, getlist, getattribute = direct.getid, direct.getlist, direct.get_attribute
local getwhd, getshift, getkern = direct.getwhd, direct.getshift, direct.getkern
local traverse, effective_glue = direct.traverse, direct.effective_glue

local HLIST, VLIST, RULE = node.id("hlist"), node.id("vlist"), node.id("rule")
local GLYPH, DISC, GLUE, KERN = node.id("glyph"), node.id("disc"), node.id("glue"), node.id("kern")
local IMAGE = 2              -- the subtype of a rule that is an image
local BIG = 72 / 72.27 / 65536  -- a scaled point in PDF's
local WHOLE = 2              -- the attribute of a box in which what is scaled has another size
local NEAR = 0.8             -- of a line: bars that are as near are one
local WIDTH, APART = 1.5, 9  -- of the bar; from the text

local attribute = luatexbase.registernumber("changeattribute")
local file = io.open(tex.jobname .. ".changes", "w")
local pages = 0
local bars

local function has_ink(box)
  for _, id, subtype in traverse(getlist(box)) do
    if id == GLYPH or id == DISC or (id == RULE and subtype == IMAGE) then return true end
  end
  return false
end

local function is_changed(box)
  for n, id in traverse(getlist(box)) do
    if getattribute(n, attribute) and id ~= GLUE and id ~= KERN then return true end
    if (id == HLIST or id == VLIST) and is_changed(n) then return true end
  end
  return false
end

local horizontal

-- A box of lines; its upper edge is at y.
local function vertical(box, y)
  for n, id in traverse(getlist(box)) do
    if id == HLIST or id == VLIST then
      local _, height, depth = getwhd(n)
      if id == HLIST then horizontal(n, y + height) else vertical(n, y) end
      y = y + height + depth
    elseif id == GLUE then
      y = y + effective_glue(n, box)
    elseif id == KERN then
      y = y + getkern(n)
    elseif id == RULE then
      local _, height, depth = getwhd(n)
      y = y + height + depth
    end
  end
end

-- A line, or a row of boxes; its baseline is at y.
function horizontal(box, y)
  if has_ink(box) then
    if is_changed(box) then
      local _, height, depth = getwhd(box)
      bars[#bars + 1] = { y - height, y + depth }
    end
    return
  end
  for n, id in traverse(getlist(box)) do
    if id == HLIST and getattribute(n, attribute) == WHOLE then
      local _, height, depth = getwhd(n)
      bars[#bars + 1] = { y + getshift(n) - height, y + getshift(n) + depth }
    elseif id == HLIST then
      horizontal(n, y + getshift(n))
    elseif id == VLIST then
      local _, height = getwhd(n)
      vertical(n, y + getshift(n) - height)
    end
  end
end

-- Lines that follow each other have one bar.
local function joined()
  table.sort(bars, function(a, b) return a[1] < b[1] end)
  local near, made = NEAR * tex.skip.gridline.width, {}
  for _, bar in ipairs(bars) do
    local last = made[#made]
    if last and bar[1] - last[2] <= near then
      last[2] = math.max(last[2], bar[2])
    else
      made[#made + 1] = bar
    end
  end
  return made
end

-- In the outer margin, which is where the page's number is odd the right one.
local function margin()
  local left = tex.sp("1in") + tex.hoffset
  if tex.count["c@page"] % 2 == 1 then
    return (left + tex.dimen.oddsidemargin + tex.dimen.textwidth) * BIG + APART
  end
  return (left + tex.dimen.evensidemargin) * BIG - APART - WIDTH
end

local function drawn(made)
  local x, top, out = margin(), tex.pageheight * BIG, { "/Artifact BMC q 0 g" }
  for _, bar in ipairs(made) do
    out[#out + 1] = string.format("%.2f %.2f %.2f %.2f re f", x, top - bar[2] * BIG,
      WIDTH, (bar[2] - bar[1]) * BIG)
  end
  out[#out + 1] = "Q EMC"
  return table.concat(out, " ")
end

local function shipped(box)
  pages, bars = pages + 1, {}
  local found = direct.todirect(box)
  local y = tex.sp("1in") + tex.voffset
  if getid(found) == VLIST then
    vertical(found, y)
  else
    local _, height = getwhd(found)
    horizontal(found, y + height)
  end
  if #bars > 0 then
    file:write(pages, "\n")
    local literal = node.new("whatsit", "pdf_literal")
    literal.mode, literal.data = 1, drawn(joined())
    box.head = node.insert_before(box.head, box.head, literal)
  end
  return true
end

luatexbase.add_to_callback("pre_shipout_filter", shipped, "changes")
luatexbase.add_to_callback("wrapup_run", function() file:close() end, "changes")
