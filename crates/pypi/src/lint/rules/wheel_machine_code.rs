//! A wheel for any platform holds no machine code.

use archive::Entry;
use model::Diagnostic;

use crate::codes;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::everybody(&codes::WHEEL_MACHINE_CODE)],
    spec: "Platform compatibility tags, Platform Tag",
    looks_at: LooksAt::Wheel(check),
};

/// Whether the file name says that it runs on any platform.
pub(super) fn is_for_any_platform(wheel: &Wheel) -> bool {
    wheel.file_name.tags().iter().all(|tag| tag.platform == "any")
}

/// The first file that is machine code, and of which kind.
pub(super) fn machine_code(wheel: &Wheel) -> Option<(&Entry, &'static str)> {
    wheel.members.iter().find_map(|entry| Some((entry, kind(&entry.bytes)?)))
}

fn check(wheel: &Wheel) -> Vec<Diagnostic> {
    let Some((entry, kind)) = machine_code(wheel).filter(|_| is_for_any_platform(wheel)) else {
        return Vec::new();
    };
    let message = format!("`{}` is {kind}, but the wheel is for any platform", entry.path);
    vec![Diagnostic::new(&codes::WHEEL_MACHINE_CODE, message)]
}

/// What the first bytes say; nothing for data and scripts.
fn kind(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x7f, b'E', b'L', b'F', ..] => Some("an ELF file"),
        [0xcf | 0xce, 0xfa, 0xed, 0xfe, ..] | [0xfe, 0xed, 0xfa, 0xce | 0xcf, ..] => {
            Some("a Mach-O file")
        }
        [b'M', b'Z', ..] if is_pe(bytes) => Some("a PE file"),
        _ => None,
    }
}

fn is_pe(bytes: &[u8]) -> bool {
    let Some([a, b, c, d]) = bytes.get(0x3c..0x40) else { return false };
    let at = u32::from_le_bytes([*a, *b, *c, *d]) as usize;
    bytes.get(at..).is_some_and(|rest| rest.starts_with(b"PE\0\0"))
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::Draft;

    #[test]
    fn machine_code_has_a_platform() {
        let check = |draft: Draft, bytes: &[u8], expected: &[&str]| {
            assert_eq!(draft.with("demo_pkg/x", bytes).codes(), expected, "{bytes:x?}");
        };
        let wheel = Draft::wheel;
        let elf = b"\x7fELF\x02\x01";
        check(wheel(), elf, &["wheel-machine-code"]);
        check(wheel(), b"\xcf\xfa\xed\xfe", &["wheel-machine-code"]);
        check(wheel(), b"\xfe\xed\xfa\xce", &["wheel-machine-code"]);
        check(wheel(), b"MZ is not a program", &[]);
        check(wheel(), b"#!/bin/sh\n", &[]);
        let mut pe = vec![0; 0x48];
        pe[..2].copy_from_slice(b"MZ");
        pe[0x3c] = 0x40;
        pe[0x40..0x44].copy_from_slice(b"PE\0\0");
        check(wheel(), &pe, &["wheel-machine-code"]);
        let linux = Draft::tagged("cp39-abi3-manylinux_2_17_x86_64");
        check(linux.replace("Purelib: true", "Purelib: false"), elf, &[]);
        let also_linux = Draft::tagged("cp39-abi3-any.manylinux_2_17_x86_64");
        check(also_linux.replace("Purelib: true", "Purelib: false"), elf, &[]);
    }
}
