/// A statement that is prepared once on each connection.
public struct SQLStatement: Hashable, Sendable {
    /// Distinct for each text.
    public let name: String
    /// With `$1`, `$2` … for parameters.
    public let text: String

    public init(_ name: String, _ text: String) {
        self.name = name
        self.text = text
    }
}

/// The statements of one table as cases of an enumeration, whose raw value is the text: so that a test can read all of them.
public protocol StatementList: RawRepresentable<String>, CaseIterable, Hashable, Sendable {}

extension StatementList {
    public var statement: SQLStatement { SQLStatement("\(Self.self).\(self)", rawValue) }
    public static var statements: [SQLStatement] { allCases.map(\.statement) }
}
