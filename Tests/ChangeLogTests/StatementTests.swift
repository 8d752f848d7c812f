import Foundation
import PostgreSQL
import Testing

@testable import ChangeLog

/// What the statements for PostgreSQL have in common, read one by one: so engines that spread tables over machines can send
/// each to the one that has the line.
@Suite struct StatementTests {
    private static func words(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "$" && $0 != "." }.map(String.init)
    }

    private static func plain(_ text: String) -> String {
        text.split { $0.isWhitespace }.joined(separator: " ").lowercased()
    }

    @Test("each statement about a line names it first, for every table that it reads")
    func lineFirst() {
        for statement in StoreStatements.ofLines {
            let text = Self.plain(statement.text)
            if text.hasPrefix("insert into") {
                #expect(text.contains(#/^insert into \w+ \(line, /#), "\(text)")
                #expect(
                    text.contains("values ($1, ") || text.contains(#/select line, .* where line = \$1 and/#), "\(text)")
                continue
            }
            // Of each place where rows are looked for, the line is the first condition.
            for condition in text.components(separatedBy: " where ").dropFirst() {
                #expect(condition.contains(#/^(\w\.)?line = (\$1|any\(\$1)/#), "\(text)")
            }
            #expect(text.contains(" where "), "\(text)")
            for join in text.components(separatedBy: " join ").dropFirst() {
                #expect(join.contains(#/^\w+ (\w) on \1\.line = \w\.line/#), "\(text)")
            }
        }
    }

    @Test("nothing is used that not every engine has: no triggers, functions, sequences, listening, common tables")
    func subset() {
        let foreign: Set = [
            "trigger", "function", "procedure", "language", "listen", "notify", "pg_notify", "sequence", "serial",
            "with",
            "recursive", "lateral", "over", "returning", "temporary", "advisory", "ctid", "xmin", "using", "merge",
            "copy",
            "truncate", "do",
        ]
        let statements = StoreStatements.ofLines + StoreStatements.ofCallers
        for text in statements.map(\.text) + StoreSchema.migrations.flatMap(StoreSchema.statements) {
            // DO UPDATE and DO NOTHING are parts of ON CONFLICT.
            let used = Set(
                Self.words(text.replacingOccurrences(of: "DO UPDATE", with: "").replacing("DO NOTHING", with: "")))
            #expect(used.isDisjoint(with: foreign), "\(used.intersection(foreign)) in \(text)")
        }
    }

    @Test("every key and index of what belongs to a line begins with the line")
    func keys() {
        for statement in StoreSchema.migrations.flatMap(StoreSchema.statements).map(Self.plain) {
            if statement.hasPrefix("create table"), statement.contains(" line uuid"),
                !statement.contains("id bytea primary")
            {
                #expect(
                    statement.contains("primary key (line") || statement.contains("line uuid primary key"),
                    "\(statement)")
            }
            // Callers are looked for by their ids before anybody knows the line.
            if statement.contains(" index "), !statement.contains("device_id"), !statement.contains("recovery_id") {
                #expect(statement.contains(#/on \w+ \(line, /#), "\(statement)")
            }
        }
    }

    @Test("no statement is missing in the list that these tests read")
    func complete() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources/ChangeLog")
        var count = 0
        for name in ["PostgreSQL", "Registry/PostgreSQL"] {
            let files = try FileManager.default.contentsOfDirectory(
                at: folder.appendingPathComponent(name), includingPropertiesForKeys: nil)
            for file in files {
                count += try String(contentsOf: file, encoding: .utf8).matches(of: /= SQLStatement\(/).count
            }
        }
        let listed =
            StoreStatements.ofLines.count + StoreStatements.ofCallers.count + StoreStatements.ofStore.count
            + LineNews.statements.count + 3
        #expect(count == listed && Session.statements.count == 10)
    }
}
