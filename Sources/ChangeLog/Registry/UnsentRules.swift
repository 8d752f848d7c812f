/// What a store keeps of what workstations that were removed had not sent.
enum UnsentRules {
    /// Of one line, in bytes: two workstations with as much as one may hand over.
    static let lineBytes: Int64 = 64 << 20
    static let deviceBytes: Int64 = 32 << 20
}

extension ChangeLogError {
    static var notRemoved: ChangeLogError {
        ChangeLogError(
            .notAllowed, "only a workstation that was removed hands over what it had not sent; nothing was changed")
    }

    static var outdatedUnsent: ChangeLogError {
        ChangeLogError(.notAllowed, "a later attempt has come already; nothing was changed")
    }

    static var noRoomForUnsent: ChangeLogError {
        ChangeLogError(
            .storageFull,
            "the line has as much unsent work of removed workstations as one may have; nothing was changed, and what the workstation wrote is safe on it: a lead has to deal with what is there"
        )
    }
}
