import Foundation
import Testing

@Suite("docs/domain-claims.md")
struct DomainClaimsTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private struct Claim {
        var number: Int
        var how: String
        var test: String
    }

    private static func claims() throws -> [Claim] {
        let file = root.appendingPathComponent("docs/domain-claims.md")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 4, let number = Int(cells[0]) else { return nil }
            return Claim(number: number, how: cells[2], test: cells[3])
        }
    }

    @Test("all 64 claims stand there once")
    func numbers() throws {
        #expect(try Self.claims().map(\.number).sorted() == Array(1...64))
    }

    @Test("each claim has a test that is there, or lies outside")
    func tests() throws {
        let folder = Self.root.appendingPathComponent("Tests/CaseworkTests")
        let sources = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "swift" }.map { try String(contentsOf: $0, encoding: .utf8) }.joined()
        for claim in try Self.claims() {
            if claim.test.hasSuffix(".sh") {
                let path = Self.root.appendingPathComponent("Tests/programs/\(claim.test)").path
                #expect(FileManager.default.isExecutableFile(atPath: path), "\(claim.number)")
            } else if claim.test == "–" {
                #expect(claim.how.hasPrefix("outside"), "\(claim.number)")
            } else {
                #expect(sources.contains("\"\(claim.test)\""), "\(claim.number): \(claim.test)")
            }
        }
    }

    @Test("each command that a claim names has a help text")
    func commands() throws {
        let help = try FileManager.default.contentsOfDirectory(
            atPath: Self.root.appendingPathComponent("Tests/programs/help").path)
        let named = try Regex("`lugn ([a-z]+(?: [a-z][a-z-]*)*)", as: (Substring, Substring).self)
        var count = 0
        for claim in try Self.claims() {
            for match in claim.how.matches(of: named) {
                let words = match.output.1.split(separator: " ")
                let file = "lugn-" + words.joined(separator: "-")
                #expect(
                    help.contains { $0.hasPrefix(file + ".") || $0.hasPrefix(file + "-") },
                    "\(claim.number): \(match.output.1)")
                count += 1
            }
        }
        #expect(count > 40)
    }
}
