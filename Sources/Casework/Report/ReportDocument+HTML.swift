extension ReportDocument {
    /// The report as one page, to be printed or sent: no scripts, and nothing from elsewhere.
    ///
    /// Charts are SVG, each beside a table with the same numbers.
    public var html: String {
        let name = lineName.map { "<p class=\"line\">\(HTMLText.escaped($0))</p>" } ?? ""
        let notice = notice.map { "<p class=\"notice\">\(HTMLText.escaped($0))</p>" } ?? ""
        let heading = [lineName, title, period].compactMap { $0 }.joined(separator: " · ")
        return """
            <!DOCTYPE html>
            <html lang="\(language.rawValue)">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex">
            <title>\(HTMLText.escaped(heading))</title>
            <style>
            \(ReportStyle.text)
            </style>
            </head>
            <body>
            <header>
            \(notice)
            \(name)
            <h1>\(HTMLText.escaped(title)) <span class="period">\(HTMLText.escaped(period))</span></h1>
            </header>
            <main>
            \(headlineList)
            \(charts)
            \(others)
            </main>
            <footer>
            \(notes.map { "<p>\(HTMLText.escaped($0))</p>" }.joined(separator: "\n"))
            <p class="desks">\(HTMLText.escaped(desks))</p>
            <p>\(HTMLText.escaped(generated))</p>
            </footer>
            \(notice.isEmpty ? "" : "<p class=\"notice everypage\" aria-hidden=\"true\">\(HTMLText.escaped(self.notice ?? ""))</p>")
            </body>
            </html>

            """
    }

    private var headlineList: String {
        let items = headlines.map { headline in
            """
            <div><dt>\(HTMLText.escaped(headline.label))</dt><dd>\(ReportTable.text(.figure(headline.figure), language))</dd></div>
            """
        }
        return "<dl class=\"headlines\">\n\(items.joined(separator: "\n"))\n</dl>"
    }

    private var charts: String {
        tables.filter { $0.chart != nil }.map { table in
            """
            <section class="chart \(table.chart == .months ? "months" : "bars")">
            <h2 id="\(table.word)">\(HTMLText.escaped(table.title))</h2>
            <div class="pair">
            \(table.svg(language))
            \(table.html(language))
            </div>
            </section>
            """
        }.joined(separator: "\n")
    }

    private var others: String {
        let sections = tables.filter { $0.chart == nil }.map { table in
            """
            <section\(table.isText ? " class=\"text\"" : "")>
            <h2 id="\(table.word)">\(HTMLText.escaped(table.title))</h2>
            \(table.html(language))
            </section>
            """
        }
        return "<div class=\"others\">\n\(sections.joined(separator: "\n"))\n</div>"
    }
}
