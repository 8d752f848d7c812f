/// A property that did not hold.
public struct Violation: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}

/// Throws ``Violation`` unless the condition holds.
func hold(_ condition: @autoclosure () throws -> Bool, _ property: @autoclosure () -> String) throws {
    if try !condition() { throw Violation(property()) }
}
