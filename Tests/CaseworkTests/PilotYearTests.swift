import Foundation
import JSON
import Replica
import TestSupport
import Testing

@testable import Casework

@Suite("The pilot year")
struct PilotYearTests {
    let folder = TemporaryFolder()
    let casework: Casework

    init() throws {
        casework = try Casework(path: folder.file("replica.db"))
    }

    private static func bytes(_ name: String) throws -> [UInt8] {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Examples/data/pilot-year-2017/\(name).csv")
        return Array(try Data(contentsOf: file))
    }

    func importAll() throws -> (directory: ImportReport, cases: ImportReport) {
        var directory = try Self.bytes("directory").makeIterator()
        var cases = try Self.bytes("cases").makeIterator()
        let author = try AuthorCode("S9")
        return (
            try DirectoryImport(casework, by: author).run { directory.next() },
            try CaseImport(casework, by: author).run { cases.next() }
        )
    }

    @Test("a report over the data set gives exactly the published figures")
    func figures() throws {
        let (directory, cases) = try importAll()
        #expect(directory.added == 8)
        #expect(cases.bad == 0)
        #expect(cases.differing == 0)
        #expect(cases.columnsLeftOut.isEmpty)
        let period = try StatisticsPeriod(
            from: #require(CalendarDate("2017-02-01")), through: #require(CalendarDate("2017-11-30")))
        let json = try casework.statistics(period).json
        #expect(json["cases"] == 108)
        #expect(json["children"] == 25)
        #expect(
            json["concern"]
                == ["general": 43, "religious": 49, "rightWing": 22, "leftWing": 2, "notRecorded": 0])
        #expect(json["caller"] == ["external": 68, "relative": 32, "involved": 4, "notRecorded": 4])
        #expect(
            json["age"]
                == ["under18": 25, "from18To21": 9, "from22To25": 15, "over25": 59, "notRecorded": 0])
        let months = try #require(json["contacts"]?.array)
        #expect(months.compactMap { $0["month"]?.string } == (2...11).map { $0 < 10 ? "2017-0\($0)" : "2017-\($0)" })
        #expect(months.compactMap { $0["opening"]?.integer }.reduce(0, +) == 108)
        #expect(json["mistakes"] == ["cases": 0, "contacts": 0])
        #expect(json["contactCount"] == .integer(Int64(cases.added)))
    }

    @Test("importing it again changes nothing")
    func twice() throws {
        let first = try importAll()
        let fingerprint = try casework.replica.status().fingerprint
        let second = try importAll()
        #expect(second.cases.known == first.cases.added)
        #expect(second.directory.known == first.directory.added)
        #expect(second.cases.added == 0 && second.directory.added == 0)
        #expect(try casework.replica.status().fingerprint == fingerprint)
    }
}
