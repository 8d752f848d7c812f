import SyncProtocol
import Trust

// What was valid when it was kept: where it cannot be read any more, the store is damaged.

extension SignedEntry {
    static func kept(_ bytes: [UInt8]) throws -> SignedEntry {
        do throws(ProtocolError) { return try SignedEntry(encoded: bytes) } catch {
            throw ChangeLogError(damaged: "a roster's entry cannot be read", cause: error)
        }
    }
}

extension AuditEntry {
    static func kept(_ bytes: [UInt8]) throws -> AuditEntry {
        do throws(ProtocolError) { return try AuditEntry(encoded: bytes) } catch {
            throw ChangeLogError(damaged: "an entry of the audit log cannot be read", cause: error)
        }
    }
}

extension ChangeLogError {
    init(damaged what: StaticString, cause: (any Error)? = nil) {
        self.init(.unusable, "the store is damaged: \(what); restore it from a backup", cause: cause)
    }
}
