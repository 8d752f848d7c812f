import LocalPage
import Operations
import TestSupport
import Testing

@testable import OperatorPage

@Suite struct StatusAssetTests {
    private static let sources =
        #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/Sources"
    private static let shared = ["api.js", "dom.js", "icon.svg", "lugn.css", "words.js"]
    private static var files: [String: PageFiles.File] { OperatorPageHandler.files.all }

    @Test("every file of the page is in the program, as it is")
    func embedded() {
        let own = names(in: Self.sources + "/CStatusAssets/page")
        #expect(own.count > 5)
        #expect(Self.files.keys.sorted() == (own + Self.shared + ["sv.js", "en.js"]).map { "/" + $0 }.sorted())
        for file in own {
            #expect(Self.files["/" + file]?.bytes == bytes(of: Self.sources + "/CStatusAssets/page/" + file))
        }
        for file in Self.shared {
            #expect(Self.files["/" + file]?.bytes == bytes(of: Self.sources + "/CPageAssets/page/" + file), "\(file)")
        }
    }

    @Test("both languages have the same words, and what is filled in is the same")
    func words() {
        let (swedish, english) = (AdminWords(.swedish), AdminWords(.english))
        #expect(swedish.keys == english.keys && swedish.keys.count > 150)
        func places(_ text: String?) -> Set<String> {
            Set(
                (text ?? "").split(separator: "{", omittingEmptySubsequences: false).dropFirst().compactMap {
                    $0.split(separator: "}").first.map(String.init)
                })
        }
        for key in swedish.keys {
            #expect(places(swedish.text(key)) == places(english.text(key)), "\(key)")
            #expect(swedish.text(key)?.isEmpty == false && english.text(key)?.isEmpty == false, "\(key)")
        }
    }

    @Test("every word that a module or a finding asks for is there, and the module is safe")
    func asked() throws {
        let known = AdminWords(.english).keys
        for (name, file) in Self.files where name.hasSuffix(".js") && !["/sv.js", "/en.js"].contains(name) {
            let text = String(decoding: file.bytes, as: UTF8.self)
            for word in [
                "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "localStorage", "document.cookie",
                "https://",
            ] {
                #expect(!text.contains(word), "\(name) has \(word)")
            }
            for part in text.split(separator: "t(\"").dropFirst() where !Self.shared.contains(String(name.dropFirst()))
            {
                let key = String(part.prefix { $0 != "\"" })
                if key.hasPrefix("page."), !key.hasSuffix(".") {
                    #expect(known.contains(key), "\(name) asks for \(key)")
                }
            }
        }
        for path in ["/Operations/DeviceFindings.swift", "/Operations/ServerFindings.swift"] {
            let text = String(decoding: try #require(bytes(of: Self.sources + path)), as: UTF8.self)
            let keys = text.split(separator: "\"").map(String.init).filter { known.contains("finding." + $0) }
            #expect(keys.count > 8)
            for key in keys { #expect(known.contains("finding.\(key).do"), "\(key)") }
        }
    }
}
