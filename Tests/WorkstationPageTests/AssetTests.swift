import LocalPage
import TestSupport
import Testing

@testable import WorkstationPage

@Suite struct AssetTests {
    private static let folder =
        #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
        + "/Sources/CPageAssets/page"

    private static func keys(_ name: String) throws -> [String] {
        let text = String(decoding: try #require(Assets.all[name]).bytes, as: UTF8.self)
        return text.split(separator: "\n").compactMap { line in
            guard line.hasPrefix("  \""), let end = line.dropFirst(3).firstIndex(of: "\"") else { return nil }
            return String(line[line.index(line.startIndex, offsetBy: 3)..<end])
        }
    }

    @Test("every file of the page is in the program, as it is")
    func embedded() throws {
        let files = names(in: Self.folder)
        #expect(!files.isEmpty)
        #expect(Assets.all.keys.map { String($0.dropFirst()) }.sorted() == files)
        for file in files { #expect(Assets.all["/" + file]?.bytes == bytes(of: Self.folder + "/" + file)) }
    }

    @Test("both languages have the same words, and what is filled in is the same")
    func words() throws {
        let swedish = try Self.keys("/sv.js")
        #expect(swedish.count > 300)
        #expect(swedish == (try Self.keys("/en.js")))
        #expect(Set(swedish).count == swedish.count)
        func places(_ name: String) throws -> [Set<String>] {
            let text = String(decoding: try #require(Assets.all[name]).bytes, as: UTF8.self)
            return text.split(separator: "\n").filter { $0.hasPrefix("  \"") }.map { line in
                Set(
                    line.split(separator: "{").dropFirst().compactMap {
                        $0.split(separator: "}").first.map(String.init)
                    })
            }
        }
        #expect(try places("/sv.js") == places("/en.js"))
    }

    @Test("everything that can go wrong has words")
    func problems() throws {
        let known = Set(try Self.keys("/sv.js"))
        let sources = Self.folder.replacingLast(2, with: "")
        var names = Set<String>()
        for file in [
            "WorkstationPage/Problem.swift", "WorkstationPage/Problem+Line.swift", "LocalPage/PageProblem.swift",
        ] {
            for part in String(decoding: try #require(bytes(of: sources + file)), as: UTF8.self).split(separator: "\"")
            where part.contains("-") && part.allSatisfy({ $0.isLowercase || $0 == "-" }) { names.insert(String(part)) }
        }
        #expect(names.count > 40)
        let notProblems: Set = ["no-store", "no-referrer", "same-origin", "frame-ancestors", "form-action", "base-uri"]
        let missing = names.subtracting(notProblems).filter { !known.contains("problem." + $0) }.sorted()
        #expect(missing == [])
    }

    @Test("every word that a module asks for is there")
    func asked() throws {
        let known = Set(try Self.keys("/sv.js"))
        for (name, asset) in Assets.all where name.hasSuffix(".js") {
            let text = String(decoding: asset.bytes, as: UTF8.self)
            for part in text.components(between: "t(\"", and: "\"") where !part.hasSuffix(".") {
                #expect(known.contains(part), "\(name) asks for \(part)")
            }
        }
    }

    @Test("a module is short, brings no markup in, keeps nothing in the browser and asks no other host")
    func modules() throws {
        for (name, asset) in Assets.all where name.hasSuffix(".js") && !["/sv.js", "/en.js"].contains(name) {
            let text = String(decoding: asset.bytes, as: UTF8.self)
            #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count < 330, "\(name)")
            for word in [
                "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "localStorage", "sessionStorage",
                "indexedDB", "document.cookie", "eval(", "caches.", "https://",
            ] { #expect(!text.contains(word), "\(name) has \(word)") }
        }
    }
}

extension String {
    /// The path without its last parts, and with something else in their place.
    fileprivate func replacingLast(_ count: Int, with rest: String) -> String {
        split(separator: "/").dropLast(count).map { "/" + $0 }.joined() + "/" + rest
    }

    /// What stands between two marks, each time, where the first is not the end of a longer name.
    fileprivate func components(between start: String, and end: String) -> [String] {
        var found: [String] = []
        var rest = self[...]
        while let range = rest.firstRange(of: start) {
            let isName =
                range.lowerBound > startIndex
                && (self[index(before: range.lowerBound)].isLetter || self[index(before: range.lowerBound)] == ".")
            rest = rest[range.upperBound...]
            if !isName, let close = rest.firstRange(of: end) { found.append(String(rest[..<close.lowerBound])) }
        }
        return found
    }
}
