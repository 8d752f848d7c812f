import CSQLite

/// An open database of SQLite's: closed when its connection and the last of its statements are gone.
///
/// Statements hold this and not their ``Connection``, which keeps statements itself: neither would ever go.
@safe
final class DatabaseHandle {
    let pointer: OpaquePointer

    @unsafe init(_ pointer: OpaquePointer) { unsafe self.pointer = pointer }

    deinit { unsafe sqlite3_close_v2(pointer) }
}
