/// The head of a request: request line and header fields.
public struct HTTPRequestHead: Sendable {
    public let method: HTTPMethod
    /// The path with percent-encoding decoded and without the query. `%00` stays as it was sent, and bytes that
    /// are not UTF-8 become U+FFFD.
    public let path: String
    /// The announced length of the body in bytes; nil when there is no `Content-Length`, as for a chunked body.
    public let contentLength: Int?
    /// Whether a body follows the head.
    let announcesBody: Bool
    private let fields: HeadFields

    init(method: HTTPMethod, path: String, framing: BodyFraming, fields: HeadFields) {
        self.method = method
        self.path = path
        self.fields = fields
        switch framing {
        case .none: (contentLength, announcesBody) = (nil, false)
        case .length(let count): (contentLength, announcesBody) = (count, count > 0)
        case .chunked: (contentLength, announcesBody) = (nil, true)
        }
    }

    /// Makes a head from its parts, for code that calls a handler without a server.
    public init(
        method: HTTPMethod, path: String, query: [String: String] = [:], headers: [HTTPHeader] = [],
        contentLength: Int? = nil
    ) {
        var fields = HeadFields()
        for (name, value) in query {
            fields.append(.query, name: name.utf8, value: value.utf8)
        }
        for header in headers {
            fields.append(.header, name: header.name.utf8, value: header.value.utf8)
        }
        self.init(
            method: method, path: path, framing: contentLength.map { .length($0) } ?? .none, fields: fields)
    }

    /// Makes a head from a request's target as a client sends it, path and query, without anything percent-encoded.
    public init(
        method: HTTPMethod, target: String, headers: [HTTPHeader] = [], contentLength: Int? = nil
    ) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var fields = HeadFields()
        for pair in parts.count == 2 ? parts[1].split(separator: "&") : [] {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            fields.append(.query, name: halves[0].utf8, value: (halves.count == 2 ? halves[1] : "").utf8)
        }
        for header in headers { fields.append(.header, name: header.name.utf8, value: header.value.utf8) }
        self.init(
            method: method, path: String(parts[0]), framing: contentLength.map { .length($0) } ?? .none, fields: fields)
    }

    /// The first query parameter of this name, decoded; nil when there is none. `?name` has the value "".
    public func query(_ name: String) -> String? {
        fields.first(.query, named: name)
    }

    /// All query parameters in their order, decoded.
    public var queryParameters: [(name: String, value: String)] { fields.all(.query) }

    /// How many header fields of this name there are, compared without regard to (ASCII) case.
    public func headerCount(_ name: String) -> Int { fields.count(.header, named: name) }

    /// The value of the first header field of this name, compared without regard to (ASCII) case; nil when there
    /// is none. Without the white space around it, which is not part of the value (RFC 9112, section 5.1).
    public func header(_ name: String) -> String? {
        fields.first(.header, named: name, trimmed: true)
    }

    /// The type of the body without its parameters, in small letters (RFC 9110, section 8.3.1: case does not count); nil
    /// when none is given.
    public var mediaType: String? {
        guard let value = header("Content-Type") else { return nil }
        let type = value.prefix { $0 != ";" }.lowercased()
        return String(type.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" })
    }
}
