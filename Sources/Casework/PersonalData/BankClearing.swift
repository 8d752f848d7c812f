/// How the accounts of a Swedish bank are checked, by the bank's clearing number.
///
/// Source: Bankgirot, *Bankernas kontonummeruppbyggnad* (2023), types and comments as there.
enum BankClearing {
    /// Type 1: seven digits, modulus 11 over them and the clearing number, without (comment 1) or with (comment 2) its
    /// first digit.
    case typeOne(ArraySlice<UInt8>)
    /// Type 2, comment 1: ten digits, modulus 10.
    case ten
    /// Type 2, comment 2: nine digits, modulus 11.
    case handelsbanken
    /// Type 2, comment 3: six to ten digits, modulus 10.
    case variable

    /// Nil where no bank has the clearing number.
    init?(_ digits: ArraySlice<UInt8>) {
        switch digits.reduce(0, { $0 * 10 + Int($1) }) {
        case 9_180...9_189, 3_300, 3_782, 9_890...9_899, 9_570...9_579, 9_300...9_349: self = .ten
        case 6_000...6_999: self = .handelsbanken
        case 9_500...9_549, 9_960...9_969, 8_000...8_999: self = .variable
        case 9_660...9_669, 9_550...9_569, 9_470...9_479, 9_040...9_049, 9_190...9_199, 9_260...9_269, 9_700...9_709,
            9_590...9_599, 9_670...9_679, 9_780...9_789, 9_390...9_399, 9_710...9_719, 9_020...9_029, 9_640...9_649,
            4_000...4_999, 9_100...9_109, 9_750...9_759, 9_880...9_889, 9_150...9_169, 2_300...2_399:
            self = .typeOne(digits)
        case 9_580...9_589, 9_680...9_689, 1_100...2_099, 2_400...2_499, 9_270...9_279, 9_170...9_179, 9_630...9_639,
            3_000...3_999, 9_060...9_079, 9_230...9_239, 9_280...9_289, 9_460...9_469, 9_250...9_259, 5_000...5_999,
            9_120...9_124, 9_130...9_149, 7_000...7_999:
            self = .typeOne(digits.dropFirst())
        default: return nil
        }
    }

    /// - Parameter isNamed: whether it is called an account; if not, shorter forms are left alone, of which every tenth
    ///   number passes the check.
    func isAccount(_ digits: ArraySlice<UInt8>, isNamed: Bool) -> Bool {
        switch self {
        case .typeOne(let clearing): digits.count == 7 && CheckDigits.isModulus11((Array(clearing) + digits)[...])
        case .ten: digits.count == 10 && CheckDigits.isLuhn(digits)
        case .handelsbanken: digits.count == 9 && CheckDigits.isModulus11(digits)
        case .variable: (isNamed ? 6...10 : 9...10).contains(digits.count) && CheckDigits.isLuhn(digits)
        }
    }
}
