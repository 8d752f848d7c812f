/// Puts an answer together from the pieces libcurl hands over, within limits.
struct ResponseAssembler {
    private(set) var headers: [(name: String, value: String)] = []
    private(set) var body: [UInt8] = []
    /// Whether the empty line after the final header fields was seen. libcurl reports success for a
    /// connection that ends inside the header fields, so the caller has to ask.
    private(set) var hasCompleteHeaders = false
    private var headerBytes = 0
    private var isInterim = false
    private let maximumBodyBytes: Int

    private static let maximumHeaderBytes = 64 * 1024
    /// Bounds what a false Content-Length can make us reserve.
    private static let maximumReservationBytes = 1024 * 1024

    init(maximumBodyBytes: Int) {
        self.maximumBodyBytes = maximumBodyBytes
    }

    /// Takes one header line; false when the limit is reached.
    mutating func appendHeaderLine(_ bytes: UnsafeRawBufferPointer) -> Bool {
        headerBytes += bytes.count
        guard headerBytes <= Self.maximumHeaderBytes else { return false }
        // What follows the final header fields is a trailer.
        guard !hasCompleteHeaders else { return true }
        var line = unsafe Substring(decoding: bytes, as: UTF8.self)
        while let last = line.unicodeScalars.last, last == "\r" || last == "\n" { line.unicodeScalars.removeLast() }
        if line.hasPrefix("HTTP/") {
            headers = []
            isInterim = line.split(separator: " ").dropFirst().first?.first == "1"
        } else if line.isEmpty {
            hasCompleteHeaders = !isInterim
        } else if line.first == " " || line.first == "\t" {
            // Obsolete line folding: RFC 9112, 5.2.
            if let last = headers.indices.last { headers[last].value += " " + Self.trimmed(line) }
        } else if let colon = line.firstIndex(of: ":") {
            headers.append((String(line[..<colon]), Self.trimmed(line[line.index(after: colon)...])))
        }
        return true
    }

    /// Takes a piece of the body; false when the limit is reached.
    mutating func appendBody(_ bytes: UnsafeRawBufferPointer, expectedBytes: Int) -> Bool {
        guard bytes.count <= maximumBodyBytes - body.count else { return false }
        if body.isEmpty {
            body.reserveCapacity(min(max(expectedBytes, 0), maximumBodyBytes, Self.maximumReservationBytes))
        }
        unsafe body.append(contentsOf: bytes)
        return true
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return String(text)
    }
}
