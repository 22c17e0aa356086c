internal import CKernels

/// An instruction set that the kernels are written for.
public enum InstructionSet: String, Sendable, CaseIterable {
    /// Portable C: the oracle of the others.
    case scalar
    /// AVX2 with FMA (x86-64 since 2013).
    case avx2
    /// AVX-512 with VNNI (x86-64 servers since 2019).
    case avx512

    /// The one in use: the best this processor has, or the one that `CONDUCTOR_ISA` names.
    public static var current: InstructionSet {
        switch ck_kernels_current().pointee.isa {
        case CK_ISA_AVX512: .avx512
        case CK_ISA_AVX2: .avx2
        default: .scalar
        }
    }

    /// Those that this processor has, in rising order of preference.
    public static var available: [InstructionSet] {
        allCases.filter { $0.kernels != nil }
    }

    var code: ck_isa {
        switch self {
        case .scalar: CK_ISA_SCALAR
        case .avx2: CK_ISA_AVX2
        case .avx512: CK_ISA_AVX512
        }
    }

    var kernels: UnsafePointer<ck_kernels>? {
        ck_kernels_for(code)
    }
}

/// The kernels of `set`, or those in use.
///
/// - Precondition: the processor has `set`; tests ask `InstructionSet.available` first.
func kernels(of set: InstructionSet?) -> ck_kernels {
    guard let set else { return ck_kernels_current().pointee }
    guard let table = set.kernels else { preconditionFailure("this processor lacks \(set)") }
    return table.pointee
}
