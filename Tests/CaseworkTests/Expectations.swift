import Replica
import Testing

@testable import Casework

/// The body throws a casework error of this code, which is returned for a closer look.
@discardableResult
func expectRefusal(
    _ code: CaseworkError.Code, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) -> CaseworkError? {
    do {
        try body()
        Issue.record("nothing was refused", sourceLocation: sourceLocation)
        return nil
    } catch let error as CaseworkError {
        #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
        return error
    } catch {
        Issue.record("another error: \(error)", sourceLocation: sourceLocation)
        return nil
    }
}

func day(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> CalendarDate {
    try #require(CalendarDate(text), sourceLocation: sourceLocation)
}
