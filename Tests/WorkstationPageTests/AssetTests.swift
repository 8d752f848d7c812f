import LocalPage
import TestSupport
import Testing

@testable import WorkstationPage

@Suite struct AssetTests {
    private static let folder =
        #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
        + "/Sources/CPageAssets/page"

    private static let wordFiles = ["/sv.js", "/sv-more.js", "/en.js", "/en-more.js"]

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
        let rest = try Self.keys("/sv-more.js")
        #expect(swedish.count > 300 && rest.count > 300)
        #expect(swedish == (try Self.keys("/en.js")))
        #expect(rest == (try Self.keys("/en-more.js")))
        #expect(Set(swedish + rest).count == swedish.count + rest.count)
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
        #expect(try places("/sv-more.js") == places("/en-more.js"))
    }

    @Test("what is read before a call can be taken is at most 150 kB, in either language")
    func size() throws {
        for language in ["sv", "en"] {
            let names = Assets.files.first + ["/lugn.css", "/\(language).js"]
            let bytes = try names.map { try #require(Assets.all[$0]).bytes.count }.reduce(0, +)
            #expect(bytes <= 150_000, "\(language): \(bytes)")
        }
    }

    @Test("a module that is read at once asks for no word that is read later")
    func early() throws {
        let later = Set(try Self.keys("/sv-more.js"))
        for name in Assets.files.first {
            let text = String(decoding: try #require(Assets.all[name]).bytes, as: UTF8.self)
            let asked = text.components(between: "t(\"", and: "\"").filter(later.contains)
            #expect(asked == [], "\(name)")
        }
    }

    @Test("every word is asked for somewhere")
    func unasked() throws {
        let texts = Assets.all.filter { $0.key.hasSuffix(".js") && !Self.wordFiles.contains($0.key) }
            .map { String(decoding: $0.value.bytes, as: UTF8.self) }.joined()
        let literals = Set(texts.split(separator: "\"").map(String.init))
        // What ends with a point is the beginning of words: t("state." + condition). Others name the beginning: word("age", …).
        let beginnings = literals.filter {
            $0.hasSuffix(".") && $0.count > 2 && $0.allSatisfy { $0.isLetter || $0 == "." }
        }
        let topics = ["word(\"", "pairs(\""].flatMap { texts.components(between: $0, and: "\"") }.map { $0 + "." }
        let unasked = try (Self.keys("/sv.js") + Self.keys("/sv-more.js")).filter { key in
            let name = key.hasSuffix(".one") ? String(key.dropLast(4)) : key
            return !literals.contains(name) && !literals.contains(key)
                && !(Array(beginnings) + topics).contains(where: name.hasPrefix)
        }
        #expect(unasked == [])
    }

    @Test("everything that can go wrong has words")
    func problems() throws {
        let known = Set(try Self.keys("/sv.js") + Self.keys("/sv-more.js"))
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
        let known = Set(try Self.keys("/sv.js") + Self.keys("/sv-more.js"))
        for (name, asset) in Assets.all where name.hasSuffix(".js") {
            let text = String(decoding: asset.bytes, as: UTF8.self)
            for part in text.components(between: "t(\"", and: "\"") where !part.hasSuffix(".") {
                #expect(known.contains(part), "\(name) asks for \(part)")
            }
        }
    }

    @Test("a module is short, brings no markup in, keeps nothing in the browser and asks no other host")
    func modules() throws {
        for (name, asset) in Assets.all where name.hasSuffix(".js") && !Self.wordFiles.contains(name) {
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
