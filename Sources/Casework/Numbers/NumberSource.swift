import Merge
import Replica
import SQLite

/// Gives reference numbers within one transaction.
///
/// A leased number is unique in the line without asking anybody. Without one, the longer form is counted up from the
/// numbers that this replica already holds with the same beginning. What the transaction does not keep is not used up.
final class NumberSource {
    private let transaction: WriteTransaction
    private let permutation: NumberPermutation?
    private var desk: Int?
    private var nextCounter: Int?

    init(_ transaction: WriteTransaction, key: [UInt8]?) {
        self.transaction = transaction
        permutation = key.map { NumberPermutation(key: $0) }
    }

    /// Gives a new number to a case.
    func give(to id: RecordID) throws -> ReferenceNumber {
        let number = try next()
        try transaction.add(CaseworkSchema.Numbers.collection, parent: id) {
            $0[CaseworkSchema.Numbers.number] = number.digits
        }
        return number
    }

    /// Cost: a few microseconds; the first longer form of a transaction reads all of this desk's numbers once.
    func next() throws -> ReferenceNumber {
        if let permutation {
            while let leased = try transaction.takeLeasedNumber() {
                guard leased < UInt64(NumberPermutation.count) else { continue }
                let number = ReferenceNumber(scattered: permutation.scatter(Int(leased)))
                // A server restored from a backup might lease a number twice; never give one that is known to be taken.
                if try !isTaken(number) { return number }
            }
        }
        return try nextLongForm()
    }

    private func nextLongForm() throws -> ReferenceNumber {
        let desk = try desk ?? deskNumber()
        let counter = try nextCounter ?? highestCounter(desk) + 1
        guard counter < ReferenceNumber.counterLimit else {
            throw CaseworkError(
                .numbersExhausted,
                "numbersExhausted"
            )
        }
        self.desk = desk
        nextCounter = counter + 1
        return ReferenceNumber(desk: desk, counter: counter)
    }

    /// The server's numbers are 1 to 4999; who has none yet takes one of the others from its own random name.
    private func deskNumber() throws -> Int {
        let given = try transaction.deskNumber()
        return given == 0 || given > 4_999 ? 5_000 + Int(transaction.replicaID % 5_000) : Int(given)
    }

    private func highestCounter(_ desk: Int) throws -> Int {
        let prefix = String(ReferenceNumber(desk: desk, counter: 0).digits.prefix(4))
        let found = try transaction.snapshot.query(
            """
            SELECT max(CAST(substr(number, 5, length(number) - 5) AS INTEGER)) FROM numbers
            WHERE number >= ? AND number < ? || ':' AND length(number) >= 9
            """, [.text(prefix), .text(prefix)]
        ) { $0.optionalInteger(0) }
        return Int((found.first ?? nil) ?? 0)
    }

    private func isTaken(_ number: ReferenceNumber) throws -> Bool {
        try !transaction.snapshot.query("SELECT 1 FROM numbers WHERE number = ? LIMIT 1", [.text(number.digits)]) { _ in
        }
        .isEmpty
    }
}
