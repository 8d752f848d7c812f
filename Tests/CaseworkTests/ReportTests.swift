import JSON
import Replica
import TestSupport
import Testing

@testable import Casework

@Suite("Reports")
struct ReportTests {
    let folder = TemporaryFolder()
    let casework: Casework
    let author: AuthorCode

    init() throws {
        casework = try Casework(path: folder.file("replica.db"))
        author = try AuthorCode("S3")
        var log = Array(
            """
            date,case,channel,caller,concern,age,referral,organisation
            2017-02-01,A,phone,relative,general+religious,17,tips,"<b>""A&B""</b>"
            2017-02-20,A,phone,,,,,
            2017-03-01,B,phone,external,leftWing,30,,

            """.utf8
        ).makeIterator()
        var directory = Array("name\n\"<b>\"\"A&B\"\"</b>\"\n".utf8).makeIterator()
        _ = try DirectoryImport(casework, by: author).run { directory.next() }
        #expect(try CaseImport(casework, by: author).run { log.next() }.added == 3)
    }

    private func report() throws -> Statistics {
        try casework.statistics(
            StatisticsPeriod(from: #require(CalendarDate("2017-02-01")), through: #require(CalendarDate("2017-03-31"))))
    }

    /// Names of elements in their order, with `/` before those that end one; nil for text that is no HTML of ours.
    private static func elements(_ html: String) -> [String]? {
        var names: [String] = []
        var rest = html[...]
        while let start = rest.firstIndex(of: "<") {
            guard let end = rest[start...].firstIndex(of: ">") else { return nil }
            let tag = rest[rest.index(after: start)..<end]
            guard tag.filter({ $0 == "\"" }).count % 2 == 0 else { return nil }
            let name = tag.prefix { $0.isLetter || $0.isNumber || $0 == "/" || $0 == "!" }
            if !tag.hasSuffix("/"), !["!DOCTYPE", "meta", "br"].contains(name) { names.append(String(name)) }
            rest = rest[rest.index(after: end)...]
        }
        return names
    }

    private static func isBalanced(_ html: String) -> Bool {
        guard let elements = elements(html) else { return false }
        var open: [String] = []
        for name in elements {
            if name.hasPrefix("/") {
                guard open.popLast() == String(name.dropFirst()) else { return false }
            } else {
                open.append(name)
            }
        }
        return open.isEmpty
    }

    @Test("the page is whole, needs nothing from elsewhere and runs nothing", arguments: ReportLanguage.allCases)
    func page(language: ReportLanguage) throws {
        let documents = [
            try report().document(language), try report().suppressing(below: 5).document(language),
            try casework.internalReport(Month(parsing: "2017-02")).document(language),
        ]
        for html in documents.map(\.html) {
            #expect(Self.isBalanced(html))
            #expect(html.contains("<html lang=\"\(language.rawValue)\">"))
            for word in ["<script", "http", "src=", "url(", "@import", "javascript", "<b>"] {
                #expect(!html.contains(word), "\(word)")
            }
            #expect(html.components("<svg").count - 1 == html.components("role=\"img\"").count - 1)
            #expect(!html.contains("NaN") && !html.contains("Optional("))
        }
        #expect(documents[0].html.components("<svg").count - 1 == 4)
        #expect(documents[2].html.contains("&lt;b&gt;&quot;A&amp;B&quot;&lt;/b&gt;"))
    }

    @Test("each number of a chart stands in the table beside it")
    func chartAndTable() throws {
        let document = try report().document(.english)
        let concern = try #require(document.tables.first { $0.word == "concern" })
        #expect(concern.rows.map(\.label).prefix(2) == ["Extremism in general", "Religiously profiled"])
        let svg = BarChart(table: concern, language: .english).svg
        #expect(svg.components("<rect").count - 1 == 4)
        let months = try #require(document.tables.first { $0.word == "months" })
        #expect(months.rows.map(\.word) == ["2017-02", "2017-03"])
        #expect(months.rows[0].cells.prefix(2).map(\.plainText) == ["1", "1"])
        #expect(MonthChart(table: months, language: .english).svg.components("<rect").count - 1 == 2 + 4)
    }

    @Test(
        "the axis of a chart has at most six round marks, and reaches over the largest number",
        arguments: [0, 1, 4, 5, 6, 28, 50, 51, 99, 100, 101, 499, 100_000, 250_001])
    func scale(largest: Int) {
        let (step, top) = MonthChart.scale(largest)
        #expect(top >= largest && top % step == 0 && (1...5).contains(top / step))
        #expect(
            [1, 2, 5].contains(Int(String(step).prefix(1)) ?? 0) && String(step).dropFirst().allSatisfy { $0 == "0" })
    }

    @Test("numbers, days and shares are written as each language writes them")
    func writing() throws {
        #expect(ReportLanguage.swedish.text(1_234_567) == "1\u{202F}234\u{202F}567")
        #expect(ReportLanguage.english.text(1_234) == "1,234")
        #expect(ReportLanguage.swedish.percentage(25, of: 108) == "23\u{00A0}%")
        #expect(ReportLanguage.english.percentage(1, of: 8) == "13%")
        let period = try StatisticsPeriod(from: .known(2017, 2, 1), through: .known(2017, 11, 30))
        #expect(ReportLanguage.swedish.text(period) == "1 februari – 30 november 2017")
        #expect(ReportLanguage.english.text(StatisticsPeriod(month: Month(.known(2016, 2, 9)))) == "February 2016")
    }

    @Test("as CSV: a file for each table, with English words and labels in the report's language")
    func csv() throws {
        let files = try Dictionary(uniqueKeysWithValues: report().suppressing(below: 5).document(.swedish).csvFiles)
        #expect(files["caller"]?.hasPrefix("caller,label,count\r\nexternal,Extern aktör,..\r\n") == true)
        #expect(files["summary"]?.contains("cases,Ärenden,..\r\n") == true)
        #expect(Set(files.keys).isSuperset(of: ["summary", "months", "concern", "caller", "age", "referrals"]))
    }

    @Test("the internal report has the month's calls, organisations, meetings and lessons")
    func internalReport() throws {
        let day = CalendarDate.known(2017, 2, 14)
        try casework.addActivity(.meeting, on: day, organisation: "Exempelstad", text: "Om våren.", by: author)
        try casework.addActivity(.lesson, on: .known(2017, 3, 1), text: "Annan månad.", by: author)
        let report = try casework.internalReport(Month(parsing: "2017-02"))
        #expect(report.statistics.cases == Figure(1))
        #expect(report.calls["incomingCalls"] == Figure(2))
        #expect(report.referred == [.init(organisation: "<b>\"A&B\"</b>", count: 1)])
        #expect(report.activities.map(\.organisation) == ["Exempelstad"])
        #expect(report.json["month"] == "2017-02")
        #expect(report.json["activities"]?.array?.first?["text"] == "Om våren.")
        let tables = report.document(.swedish).tables
        #expect(tables.first { $0.word == "meeting" }?.rows.first?.cells.first == .text("Exempelstad"))
        #expect(tables.first { $0.word == "lesson" }?.rows.isEmpty == true)
    }
}

extension String {
    /// The parts between occurrences of a text.
    fileprivate func components(_ separator: String) -> [Substring] {
        split(separator: separator, omittingEmptySubsequences: false)
    }
}
