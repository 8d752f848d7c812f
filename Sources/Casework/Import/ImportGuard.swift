import Replica
import SQLite

/// The personal data guard over imported texts, with the numbers and addresses of the directory and of the line.
struct ImportGuard {
    private let watch: PersonalDataGuard

    init(_ casework: Casework) throws {
        var numbers: [String] = []
        var addresses: [String] = []
        try casework.replica.read { snapshot in
            for (phone, email) in try snapshot.query(
                "SELECT phone, email FROM directory UNION ALL SELECT phone, NULL FROM settings",
                [], { ($0.optionalText(0), $0.optionalText(1)) })
            {
                if let phone { numbers.append(phone) }
                if let email { addresses.append(email) }
            }
        }
        watch = PersonalDataGuard(
            allowing: GuardAllowList(telephoneNumbers: numbers, emailAddresses: addresses))
    }

    /// Errors: `personalData`.
    func check(_ text: String) throws(CaseworkError) { try watch.check(text) }
}
