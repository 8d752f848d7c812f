public import HTTPServer

/// A page's files, which are a part of the program.
public struct PageFiles: Sendable {
    public struct File: Sendable {
        public var type: String
        public var bytes: [UInt8]
    }

    /// By path: `/call.js`.
    public let all: [String: File]
    /// The modules that the page needs before it shows anything: what `main.js` imports, and what that does. The others are read when
    /// they are opened.
    public let first: [String]

    /// - Parameter files: with an `index.html`, in which `{{bearer}}`, `{{language}}` and `{{preloads}}` are filled in, and a `main.js`.
    public init(_ files: [(name: String, bytes: [UInt8])]) {
        all = Dictionary(
            files.map { ("/" + $0.name, File(type: Self.type(of: $0.name), bytes: $0.bytes)) },
            uniquingKeysWith: { first, _ in first })
        first = Self.first(of: all)
    }

    private static func type(of name: String) -> String {
        switch name.split(separator: ".").last {
        case "js": "text/javascript; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "svg": "image/svg+xml"
        default: "text/html; charset=utf-8"
        }
    }

    private static func first(of all: [String: File]) -> [String] {
        var found = ["/main.js"]
        var next = 0
        while next < found.count {
            for name in imports(found[next], all) where !found.contains(name) { found.append(name) }
            next += 1
        }
        return found
    }

    /// What stands behind `from` at the end of an import.
    private static func imports(_ name: String, _ all: [String: File]) -> [String] {
        guard let file = all[name] else { preconditionFailure("\(name) is imported and no part of the page") }
        return String(decoding: file.bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            guard line.hasPrefix("import "), let start = line.firstRange(of: " from \"") else { return nil }
            return String(line[start.upperBound...].prefix { $0 != "\"" })
        }
    }

    /// The page with the bearer for its memory, or without one: then it says how to open it.
    public func index(_ status: Int = 200, bearer: String?, language: String) -> HTTPResponse {
        guard let file = all["/index.html"] else { preconditionFailure("the page is a part of the program") }
        let preloads = (first + ["/\(language).js"])
            .map { "<link rel=\"modulepreload\" href=\"\($0)\">" }.joined(separator: "\n")
        let text = String(decoding: file.bytes, as: UTF8.self)
            .replacing("{{bearer}}", with: bearer ?? "").replacing("{{language}}", with: language)
            .replacing("{{preloads}}", with: preloads)
        return .page(status, file.type, Array(text.utf8))
    }

    /// A file by its path, but for the page itself.
    public func answer(_ path: String) -> HTTPResponse {
        guard path != "/index.html", let file = all[path] else { return PageProblem.notFound.response }
        return .page(200, file.type, file.bytes)
    }
}
