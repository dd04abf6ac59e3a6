--- Reads, cites or writes many documents in one Pandoc process.
--
-- Pandoc is a large program: starting it once for a book costs less than
-- once for each chapter. Called as `pandoc lua batch.lua JOB`, where JOB is a
-- JSON file: { action = "read"|"cite"|"write", from, to, options, media, items }.
-- The writer finds each of `media` (name, type, file) by its name, and no other.
-- Each item names a file to read (`source`) and one to write (`target`), which
-- is empty where that failed. The
-- log goes to the JSON file `log`: a list of { item, messages, failure }.
PANDOC_VERSION:must_be_at_least '3.2'

local function slurp(path)
  local handle = assert(io.open(path, 'rb'))
  local content = handle:read('a')
  handle:close()
  return content
end

--- The file has its name only when it is whole: others look for it meanwhile.
local function spill(path, content)
  local handle = assert(io.open(path .. '.part', 'wb'))
  assert(handle:write(content))
  assert(handle:close())
  assert(os.rename(path .. '.part', path))
end

local actions = {}

--- The empty table as fourth argument gives the reader no files to look at.
function actions.read(job, item)
  local doc = pandoc.read(slurp(item.source), job.from, {}, {})
  spill(item.target, pandoc.write(doc, 'json'))
end

function actions.cite(_, item)
  local doc = pandoc.read(slurp(item.source), 'json')
  spill(item.target, pandoc.write(pandoc.utils.citeproc(doc), 'json'))
end

function actions.write(job, item)
  local doc = pandoc.read(slurp(item.source), 'json')
  spill(item.target, pandoc.write(doc, job.to, job.options))
end

local job = pandoc.json.decode(slurp(arg[1]), false)
for _, one in ipairs(job.media) do
  pandoc.mediabag.insert(one[1], one[2], slurp(one[3]))
end
local report = {}
for _, item in ipairs(job.items) do
  local failure = false
  local messages = pandoc.log.silence(function ()
    local ok, fault = pcall(actions[job.action], job, item)
    if not ok then
      failure = tostring(fault)
      spill(item.target, '')
    end
  end)
  report[#report + 1] = { messages = messages, failure = failure }
end
spill(job.log, pandoc.json.encode(report))
