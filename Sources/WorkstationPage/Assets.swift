import CPageAssets
import HTTPServer

/// The page's files, which are a part of the program.
enum Assets {
    struct Asset: Sendable {
        var type: String
        var bytes: [UInt8]
    }

    /// By path: `/call.js`.
    static let all: [String: Asset] = {
        var all: [String: Asset] = [:]
        for index in 0..<page_asset_count() {
            let asset = unsafe page_asset_at(index)!.pointee
            let name = unsafe String(cString: asset.name)
            let bytes = unsafe Array(UnsafeBufferPointer(start: asset.bytes, count: asset.count))
            all["/" + name] = Asset(type: type(of: name), bytes: bytes)
        }
        return all
    }()

    private static func type(of name: String) -> String {
        switch name.split(separator: ".").last {
        case "js": "text/javascript; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "svg": "image/svg+xml"
        default: "text/html; charset=utf-8"
        }
    }

    /// The modules that the page needs before it shows anything: what `main.js` imports, and what that does. The others are
    /// read when they are opened.
    static let first: [String] = {
        var found = ["/main.js"]
        var next = 0
        while next < found.count {
            for name in imports(found[next]) where !found.contains(name) { found.append(name) }
            next += 1
        }
        return found
    }()

    /// What stands behind `from` at the end of an import.
    private static func imports(_ name: String) -> [String] {
        guard let asset = all[name] else { preconditionFailure("\(name) is imported and no part of the page") }
        return String(decoding: asset.bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            guard line.hasPrefix("import "), let start = line.firstRange(of: " from \"") else { return nil }
            return String(line[start.upperBound...].prefix { $0 != "\"" })
        }
    }

    /// The page with the bearer for its memory, or without one: then it says how to open it.
    static func index(bearer: String?, language: String) -> [UInt8] {
        guard let asset = all["/index.html"] else { preconditionFailure("the page is a part of the program") }
        let preloads = (first + ["/\(language).js"])
            .map { "<link rel=\"modulepreload\" href=\"\($0)\">" }.joined(separator: "\n")
        let text = String(decoding: asset.bytes, as: UTF8.self)
            .replacing("{{bearer}}", with: bearer ?? "").replacing("{{language}}", with: language)
            .replacing("{{preloads}}", with: preloads)
        return Array(text.utf8)
    }
}

extension String {
    /// Every place of a text, left to right.
    fileprivate func replacing(_ old: String, with new: String) -> String {
        var result = ""
        var rest = self[...]
        while let range = rest.firstRange(of: old) {
            result += rest[..<range.lowerBound]
            result += new
            rest = rest[range.upperBound...]
        }
        return result + rest
    }
}
