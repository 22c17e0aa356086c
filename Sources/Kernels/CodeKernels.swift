internal import CKernels

/// One instruction set's kernels of the exact index.
public struct CodeKernels: Sendable, Hashable, CustomStringConvertible {
    private let number: Int32

    /// Those of the instruction set in use.
    public static var current: CodeKernels {
        let number = Int32(ck_kernels_current().pointee.isa.rawValue)
        return CodeKernels(number: ck_code_kernels_for(number) == nil ? 0 : number)
    }

    /// Those that this processor has, in rising order of preference; the first is plain C.
    public static var available: [CodeKernels] {
        (0..<8).map(CodeKernels.init).filter { ck_code_kernels_for($0.number) != nil }
    }

    /// The instruction set's number in `enum ck_isa`.
    public var description: String { "ISA \(number)" }

    var table: ck_code_kernels {
        guard let table = ck_code_kernels_for(number) else {
            preconditionFailure("this processor lacks \(self)")
        }
        return table.pointee
    }
}
