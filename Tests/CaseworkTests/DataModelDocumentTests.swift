import Foundation
import Replica
import Testing

@testable import Casework

@Suite("docs/data-model.md")
struct DataModelDocumentTests {
    private static let begin = "<!-- begin: collections -->\n"
    private static let end = "<!-- end: collections -->"
    private static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("docs/data-model.md")

    @Test("the table of collections and fields is that of the code")
    func table() throws {
        let text = try String(contentsOf: Self.file, encoding: .utf8)
        let start = try #require(text.range(of: Self.begin))
        let end = try #require(text.range(of: Self.end))
        if ProcessInfo.processInfo.environment["LUGN_UPDATE_SNAPSHOTS"] == "1" {
            let new = text[..<start.upperBound] + Self.table() + text[end.lowerBound...]
            return try String(new).write(to: Self.file, atomically: true, encoding: .utf8)
        }
        #expect(String(text[start.upperBound..<end.lowerBound]) == Self.table())
    }

    @Test("every collection has its line on why it is of its kind")
    func reasons() throws {
        let lines = try String(contentsOf: Self.file, encoding: .utf8).split(separator: "\n")
        for collection in CaseworkSchema.schema.collections {
            let name = collection.name.replacingOccurrences(of: "_", with: "\\_")
            let kind = collection.kind == .records ? "records" : "notes"
            #expect(lines.contains { $0.hasPrefix("| \(name) | \(kind) | ") }, "\(collection.name)")
        }
    }

    private static func table() -> String {
        var text = "Schema version \(CaseworkSchema.schema.version).\n\n"
        text += "| number | collection | parent | field | name | type | indexed |\n"
        text += "| ---: | --- | --- | ---: | --- | --- | --- |\n"
        let names = Dictionary(
            uniqueKeysWithValues: CaseworkSchema.schema.collections.map { ($0.number, escaped($0.name)) })
        for collection in CaseworkSchema.schema.collections {
            let parent = collection.parent.flatMap { names[$0] } ?? ""
            let kind = collection.kind == .records ? "records" : "notes"
            text += "| **\(collection.number)** | **\(escaped(collection.name))**, \(kind) | \(parent) | | | | |\n"
            for field in collection.fields {
                text += "| | | | \(field.number) | \(escaped(field.name)) | \(field.type) |"
                text += field.isIndexed ? " yes |\n" : " |\n"
            }
        }
        return text
    }

    private static func escaped(_ name: String) -> String { name.replacingOccurrences(of: "_", with: "\\_") }
}
