public import JSON

/// Whoever answers what an operator asks: a server, or the store of a stopped one.
public protocol OperatorSource: Sendable {
    /// What the page calls it: its address, or the store's folder.
    var name: String { get }
    /// The answer's document. Errors: ``OperatorSourceError``.
    func get(_ path: String, query: [(String, String)]) async throws -> JSONValue
}

/// Why there is no answer.
public struct OperatorSourceError: Error, Sendable {
    /// Whether the server answered, and refused: another key is needed, and no patience.
    public var isRefusal: Bool
    /// What happened, in English; never content.
    public var message: String

    public init(isRefusal: Bool, message: String) {
        self.isRefusal = isRefusal
        self.message = message
    }
}
