import Casework
import SQLite
import Sealing

/// Who works at this computer: codes, and the PINs that open a locked page. They hold on this computer only.
struct Counsellors: Sendable {
    let store: LocalStore
    let wallMilliseconds: @Sendable () -> Int64

    static let pinDigits = 6...12
    /// Wrong tries in a row before a minute's wait.
    static let tries = 5
    static let waitMilliseconds: Int64 = 60_000

    func codes() throws -> [AuthorCode] {
        try store.write { connection in
            try connection.withStatement("SELECT code FROM counsellor ORDER BY code") { row in
                var codes: [AuthorCode] = []
                while try row.step() { codes.append(try AuthorCode(row.text(0))) }
                return codes
            }
        }
    }

    /// Sets the PIN of somebody who has none here.
    ///
    /// Errors: `badPIN`; `wrongPIN` for somebody who has one already.
    func setFirstPIN(_ pin: String, of code: AuthorCode) throws {
        guard Self.pinDigits.contains(pin.utf8.count), pin.utf8.allSatisfy({ (48...57).contains($0) }) else {
            throw WorkstationError(.badPIN, "a PIN has 6 to 12 digits; nothing was saved")
        }
        guard let hash = PasswordHash(of: pin) else {
            throw WorkstationError(.cannotKeep, "there is not enough memory to keep the PIN; nothing was saved")
        }
        try store.write { connection in
            try connection.withStatement("INSERT OR IGNORE INTO counsellor VALUES (?, ?, 0, 0)") { row in
                try row.bind(1, code.text)
                try row.bind(2, hash.text)
                try row.run()
            }
            guard connection.changedRowCount == 1 else {
                throw WorkstationError(.wrongPIN, "this code has a PIN already; nothing was changed")
            }
        }
    }

    /// Errors: `wrongPIN` with the tries left, `waitForPIN`. Cost: a tenth of a second, and 64 MiB meanwhile.
    func check(_ pin: String, of code: AuthorCode) throws {
        let now = wallMilliseconds()
        let hash: PasswordHash? = try store.write { connection in
            let found = try connection.withStatement("SELECT pin, wrong, wait_until FROM counsellor WHERE code = ?") {
                row in
                try row.bind(1, code.text)
                return try row.step() ? (row.text(0), row.integer(1), row.integer(2)) : nil
            }
            guard let (text, wrong, waitUntil) = found else { return nil }
            // A clock that was set back must not make the wait longer than it is.
            if now < waitUntil, waitUntil - now <= Self.waitMilliseconds {
                throw WorkstationError(.waitForPIN, "too many wrong PINs; wait a minute and try again")
            }
            // Counted before it is looked at, so that two at once are two.
            let count = wrong >= Int64(Self.tries) ? 1 : wrong + 1
            try set(
                code, wrong: count, waitUntil: count >= Int64(Self.tries) ? now + Self.waitMilliseconds : 0, connection)
            return PasswordHash(text: text)
        }
        guard let hash, hash.matches(pin) else {
            let wrong = try wrongCount(code)
            throw WorkstationError(
                .wrongPIN, "that was not the right PIN; nothing was opened", triesLeft: max(0, Self.tries - wrong))
        }
        try store.write { try set(code, wrong: 0, waitUntil: 0, $0) }
    }

    private func set(_ code: AuthorCode, wrong: Int64, waitUntil: Int64, _ connection: Connection) throws {
        try connection.withStatement("UPDATE counsellor SET wrong = ?, wait_until = ? WHERE code = ?") { row in
            try row.bind(1, wrong)
            try row.bind(2, waitUntil)
            try row.bind(3, code.text)
            try row.run()
        }
    }

    private func wrongCount(_ code: AuthorCode) throws -> Int {
        try store.write { connection in
            try connection.withStatement("SELECT wrong FROM counsellor WHERE code = ?") { row in
                try row.bind(1, code.text)
                return try row.step() ? Int(row.integer(0)) : 0
            }
        }
    }
}
