import Casework
import JSON

/// What a look at one thing has found: a fact, or a fault and what to do about it. Never content, never who or where: what
/// ``DoctorCommand`` writes into a report is given to others.
struct Examination {
    enum Result: String {
        case well, fault
        /// The system does not tell.
        case unknown
    }

    /// What was looked at, `disk.write`; the words stand under `doctor.` and it, those of a fault under `.fault` and `.do`.
    let subject: String
    let result: Result
    /// Numbers and versions, named as in the words.
    let values: [String: String]

    static func well(_ subject: String, _ values: [String: String] = [:]) -> Examination {
        Examination(subject: subject, result: .well, values: values)
    }
    static func fault(_ subject: String, _ values: [String: String] = [:]) -> Examination {
        Examination(subject: subject, result: .fault, values: values)
    }
    static func unknown(_ subject: String) -> Examination {
        Examination(subject: subject, result: .unknown, values: [:])
    }

    /// The line for a person, and what to do where something is wrong.
    func lines(_ words: Words) -> [String] {
        switch result {
        case .well: [words("doctor.\(subject)", values)]
        case .unknown: [words("doctor.\(subject).unknown")]
        case .fault: [words("doctor.\(subject).fault", values), "    " + words("doctor.\(subject).do", values)]
        }
    }

    var json: JSONValue {
        .object(
            [JSONMember("subject", .string(subject)), JSONMember("result", .string(result.rawValue))]
                + values.sorted { $0.key < $1.key }.map { JSONMember($0.key, .string($0.value)) })
    }
}
