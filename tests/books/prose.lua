--- Leaves what a reader reads: no cross-references, formulas, raw text, author's notes.
local function gone() return {} end

return {{
  Cite = function (cite)
    for _, citation in ipairs(cite.citations) do
      if citation.id:match('^[%a]+[:-]') then return {} end
    end
  end,
  Str = function (str) if str.text:match('^{#') then return {} end end,
  OrderedList = function (list)  -- no figures that are letters
    list.listAttributes.style = 'Decimal'
    return list
  end,
  Table = function (table)  -- the writer prints its identifier
    table.attr = pandoc.Attr()
    return table
  end,
  Math = gone, RawInline = gone, RawBlock = gone,
  Div = function (div) if div.classes:includes('author-note') then return {} end end,
}}
