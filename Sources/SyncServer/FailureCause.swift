import ChangeLog
import HTTPServer

/// What is behind a failure, in one word for the log: an operator reads it when a server answers 503 or 507, and
/// docs/operations.md says what is safe and what to do.
struct FailureCause {
    let word: StaticString

    init(_ error: any Error) {
        guard let error = error as? ChangeLogError else {
            word = error is Problem ? "busy" : "internal"
            return
        }
        word = error.storageCause
    }
}
