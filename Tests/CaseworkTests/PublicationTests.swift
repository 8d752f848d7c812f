import JSON
import Replica
import Testing

@testable import Casework

@Suite("The published series")
struct PublicationTests {
    let desk: TestDesk
    var casework: Casework { desk.casework }

    init() throws {
        desk = try TestDesk("2017-06-15")
        var log = "date,caller,concern,age\n"
        for month in 2...4 {
            for day in 1...12 {
                let date = "2017-0\(month)-\(day < 10 ? "0" : "")\(day)"
                log += "\(date),\(day % 4 == 0 ? "involved" : "external"),religious,\(day == 6 ? 15 : 30)\n"
            }
        }
        var bytes = Array(log.utf8).makeIterator()
        var options = ImportOptions()
        options.log = "test"
        #expect(try CaseImport(casework, by: desk.author, options).run { bytes.next() }.added == 36)
    }

    private func period(_ from: String, _ through: String) throws -> StatisticsPeriod {
        try StatisticsPeriod(from: #require(CalendarDate(from)), through: #require(CalendarDate(through)))
    }

    private func publish(_ from: String, _ through: String) throws {
        try casework.publish(casework.publication(period(from, through), below: 5), by: desk.author)
    }

    @Test(
        "only whole months are published",
        arguments: [("2017-02-02", "2017-02-28"), ("2017-02-01", "2017-02-27"), ("2017-02-01", "2017-03-30")])
    func wholeMonths(from: String, through: String) throws {
        expectRefusal(.badValue) { try publish(from, through) }
        #expect(try casework.publications().isEmpty)
    }

    @Test("beside published periods go those that overlap none, and unions of them; nothing else")
    func fitting() throws {
        try publish("2017-02-01", "2017-02-28")
        try publish("2017-03-01", "2017-04-30")
        expectRefusal(.badValue) { try publish("2017-03-01", "2017-03-31") }
        expectRefusal(.badValue) { try publish("2017-02-01", "2017-03-31") }
        expectRefusal(.badValue) { try publish("2017-01-01", "2017-02-28") }
        expectRefusal(.badValue) { try publish("2017-04-01", "2017-05-31") }
        try publish("2017-02-01", "2017-04-30")
        try publish("2017-05-01", "2017-05-31")
        // A published union does not stand in the way of another.
        try publish("2017-03-01", "2017-05-31")
        try publish("2017-02-01", "2017-05-31")
        #expect(
            try casework.publications().map { "\($0.from) \($0.through)" } == [
                "2017-02-01 2017-02-28", "2017-02-01 2017-04-30", "2017-02-01 2017-05-31", "2017-03-01 2017-04-30",
                "2017-03-01 2017-05-31", "2017-05-01 2017-05-31",
            ])
    }

    @Test("a month that is published again, after a union with it, shows and hides what it did; so does the next one")
    func again() throws {
        let months = [("2017-02-01", "2017-02-28"), ("2017-03-01", "2017-03-31"), ("2017-04-01", "2017-04-30")]
        var first: [[String: Figure]] = []
        for (from, through) in months {
            let report = try casework.publication(period(from, through), below: 5)
            try casework.publish(report, by: desk.author)
            first.append(report.figures)
        }
        try publish("2017-02-01", "2017-03-31")
        try publish("2017-02-01", "2017-04-30")
        for ((from, through), figures) in zip(months, first) {
            #expect(figures["caller.involved"] == .hidden)
            #expect(try casework.publication(period(from, through), below: 5).figures == figures)
        }
    }

    @Test("what is recorded is what was printed, and the same again is not recorded twice")
    func recorded() throws {
        let report = try casework.publication(period("2017-02-01", "2017-02-28"), below: 5)
        let id = try #require(try casework.publish(report, by: desk.author))
        #expect(try casework.publish(report, by: desk.author) == nil)
        let publication = try #require(try casework.publications().first)
        #expect(publication.id == id && publication.hiddenBelow == 5 && publication.by == "S3")
        #expect(publication.figures == report.figures)
        #expect(publication.figures["caller.involved"] == .hidden && publication.figures["cases"] == Figure(12))
        // Again, after a correction: what was hidden stays hidden.
        let again = try casework.publication(period("2017-02-01", "2017-02-28"), below: 5)
        #expect(
            Set(again.figures.filter { $0.value == .hidden }.keys)
                == Set(report.figures.filter { $0.value == .hidden }.keys))
        try casework.withdrawPublication(id)
        #expect(try casework.publications().isEmpty)
    }

    @Test("a record that is not whole, or that a newer version wrote, is passed over")
    func badRecords() throws {
        typealias Publications = CaseworkSchema.Publications
        for (limit, text) in [(5, "cases=12\nx"), (1, "cases=12"), (5, "cases=-1"), (5_000, "cases=1")] {
            _ = try casework.replica.write { tx in
                try tx.add(Publications.collection) { row in
                    row[Publications.from] = CalendarDate.known(2017, 2, 1)
                    row[Publications.through] = CalendarDate.known(2017, 2, 28)
                    row[Publications.hiddenBelow] = Int64(limit)
                    row[Publications.figures] = text
                }
            }
        }
        #expect(try casework.publications().isEmpty)
    }

    @Test(
        "every report that is not of the series says on every page that it is internal",
        arguments: ReportLanguage.allCases)
    func notice(language: ReportLanguage) throws {
        let words = ReportWords(language: language)
        let period = try period("2017-02-01", "2017-02-28")
        let documents = [
            try casework.statistics(period).document(language),
            try casework.statistics(period).suppressing(below: 5).document(language),
            try casework.internalReport(Month(period.from)).document(language),
        ]
        for document in documents {
            #expect(document.notice == words.internalNotice)
            let html = document.html
            #expect(html.contains("<p class=\"notice\">\(words.internalNotice)"))
            // Fixed to the page, browsers print it on each.
            #expect(html.contains("notice everypage") && html.contains(".everypage { display: block; position: fixed;"))
            #expect(document.csvFiles[0].content.contains(words.internalNotice))
        }
        let published = try casework.publication(period, below: 5)
        #expect(published.document(language).notice == nil)
        #expect(published.json["publication"] == "published")
        #expect(!published.document(language).html.contains(words.internalNotice))
    }
}
