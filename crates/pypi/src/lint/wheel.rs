//! Wheels as the public index and strict installers judge them (PEP 427 and its successors).

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::{Code, Diagnostic, Digest, Severity};

use super::RULES;
use crate::codes;
use crate::entry_points::EntryPoints;
use crate::name::{normalize_for_files, pep440};
use crate::record::RecordLine;
use crate::tags::{Tag, is_accepted};
use crate::wheel::Wheel;

/// Adds what is wrong with `wheel`.
pub(super) fn check(wheel: &Wheel, problems: &mut Vec<Diagnostic>) {
    names(wheel, problems);
    problems.extend(RULES.iter().flat_map(|rule| rule.of_wheel(wheel)));
    license_files(wheel, problems);
    tags(wheel, problems);
    record(wheel, problems);
    entry_points(wheel.entry_points.as_ref(), problems);
    content(wheel, problems);
}

/// Folders below `{name}-{version}.data` (PEP 427, "The .data directory").
const DATA_SCHEMES: [&str; 5] = ["purelib", "platlib", "headers", "scripts", "data"];

/// Names at the root of site-packages that no package means to own.
const STRAY: [&str; 12] = [
    "test",
    "tests",
    "doc",
    "docs",
    "example",
    "examples",
    "build",
    "dist",
    "scripts",
    "bin",
    "node_modules",
    "venv",
];

fn error(problems: &mut Vec<Diagnostic>, code: &'static Code, message: impl Into<String>) {
    problems.push(Diagnostic::new(code, message));
}

fn warn(problems: &mut Vec<Diagnostic>, code: &'static Code, message: impl Into<String>) {
    problems.push(Diagnostic::warning(code, message));
}

fn names(wheel: &Wheel, problems: &mut Vec<Diagnostic>) {
    let file = &wheel.file_name;
    let expected = normalize_for_files(&wheel.name);
    if file.distribution != expected {
        let message =
            format!("its file name must start with `{expected}`, not `{}`", file.distribution);
        error(problems, &codes::WHEEL_NAME_NOT_NORMAL, message);
    }
    match (pep440(&file.version), pep440(&wheel.version)) {
        (Some(named), Some(inside)) if !named.same_as(&inside) => {
            let message = format!(
                "its file name says version `{}`, its metadata `{}`",
                file.version, wheel.version
            );
            error(problems, &codes::WHEEL_NAME_VERSION, message);
        }
        (Some(named), _) if named.pep440().is_ok_and(|normal| normal != file.version) => {
            let message = format!("`{}` in its file name is not in normal form", file.version);
            warn(problems, &codes::WHEEL_VERSION_SPELLING, message);
        }
        _ => {}
    }
    if wheel.dist_info != file.dist_info() {
        let message = format!("its folder is `{}`, not `{}`", wheel.dist_info, file.dist_info());
        error(problems, &codes::WHEEL_DIST_INFO, message);
    }
    match wheel.wheel.get("Wheel-Version") {
        Some(version) if version.starts_with("1.") => {}
        found => {
            let message = format!("`Wheel-Version: {}` is not 1", found.unwrap_or_default());
            error(problems, &codes::WHEEL_FORMAT_VERSION, message);
        }
    }
}

fn license_files(wheel: &Wheel, problems: &mut Vec<Diagnostic>) {
    let newer = wheel.metadata.format_version().is_some_and(|version| version >= (2, 4));
    for file in wheel.metadata.all("License-File") {
        let new = format!("{}/licenses/{file}", wheel.dist_info);
        let old = format!("{}/{file}", wheel.dist_info);
        let found = wheel.member(&new).is_some() || (!newer && wheel.member(&old).is_some());
        if !found {
            error(
                problems,
                &codes::METADATA_LICENSE_FILE_MISSING,
                format!("the wheel lacks `{new}`"),
            );
        }
    }
}

fn tags(wheel: &Wheel, problems: &mut Vec<Diagnostic>) {
    let named = wheel.file_name.tags();
    for platform in &wheel.file_name.platforms {
        if !is_accepted(platform) {
            let message = format!("the index takes no wheel for the platform `{platform}`");
            let help = "for Linux name the C library, as `manylinux_2_17_x86_64` does";
            problems.push(Diagnostic::new(&codes::WHEEL_PLATFORM_TAG, message).help(help));
        }
    }
    if wheel.tags != named {
        let list = |tags: &[Tag]| tags.iter().map(Tag::to_string).collect::<Vec<_>>().join(" ");
        let message =
            format!("`WHEEL` says `{}`, the file name `{}`", list(&wheel.tags), list(&named));
        warn(problems, &codes::WHEEL_TAGS_DIFFER, message);
    }
    if !wheel.file_name.is_ordered() {
        warn(problems, &codes::WHEEL_TAG_ORDER, "its compressed tags are not sorted");
    }
    let anywhere = named.iter().all(|tag| tag.platform == "any");
    let native = wheel.members.iter().find(|entry| machine_code(&entry.bytes).is_some());
    if let (true, Some(entry)) = (anywhere, native) {
        let kind = machine_code(&entry.bytes).unwrap_or_default();
        let message = format!("`{}` is {kind}, but the wheel is for any platform", entry.path);
        warn(problems, &codes::WHEEL_MACHINE_CODE, message);
    }
    let pure = wheel.wheel.get("Root-Is-Purelib").map(str::to_ascii_lowercase);
    match pure.as_deref() {
        Some("true") if !anywhere && native.is_some() => {
            warn(
                problems,
                &codes::WHEEL_PURELIB,
                "`Root-Is-Purelib` is true, but it holds machine code",
            );
        }
        Some("true" | "false") => {}
        _ => {
            warn(problems, &codes::WHEEL_PURELIB, "`WHEEL` does not say whether `Root-Is-Purelib`")
        }
    }
}

/// What the first bytes say; nothing for data and scripts.
fn machine_code(bytes: &[u8]) -> Option<&'static str> {
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

fn record(wheel: &Wheel, problems: &mut Vec<Diagnostic>) {
    let own = format!("{}/RECORD", wheel.dist_info);
    let Some(lines) = &wheel.record else {
        let message = match wheel.member(&own) {
            None => format!("the wheel lacks `{own}`"),
            Some(_) => format!("`{own}` is no well-formed CSV of three columns"),
        };
        return error(problems, &codes::WHEEL_RECORD_MISSING, message);
    };
    let mut listed: BTreeMap<&str, &RecordLine> = BTreeMap::new();
    for line in lines {
        if listed.insert(line.path.as_str(), line).is_some() {
            let message = format!("`RECORD` lists `{}` twice", line.path);
            error(problems, &codes::WHEEL_RECORD_TWICE, message);
        }
    }
    let signature = |path: &str| matches!(path.strip_prefix(&own), Some(".jws" | ".p7s"));
    for entry in &wheel.members {
        match listed.remove(entry.path.as_str()) {
            _ if entry.path == own => {}
            _ if signature(&entry.path) => {
                let message =
                    format!("`{}` is a signature that nothing reads (PEP 815)", entry.path);
                warn(problems, &codes::WHEEL_RECORD_SIGNATURE, message);
            }
            Some(line) => problems.extend(record_line(line, &entry.bytes)),
            None => {
                let message = format!("`RECORD` does not list `{}`", entry.path);
                error(problems, &codes::WHEEL_RECORD_INCOMPLETE, message);
            }
        }
    }
    for path in listed.keys().filter(|path| **path != own) {
        let message = format!("`RECORD` lists `{path}`, which is not in the wheel");
        error(problems, &codes::WHEEL_RECORD_SURPLUS, message);
    }
}

fn record_line(line: &RecordLine, bytes: &[u8]) -> Option<Diagnostic> {
    let (algorithm, value) = line.hash.split_once('=').unwrap_or((&line.hash, ""));
    let wrong = |severity: Severity, code: &'static Code, message: String| {
        Some(Diagnostic { severity, ..Diagnostic::new(code, message) })
    };
    if line.size.parse() != Ok(bytes.len()) && !line.size.is_empty() {
        let message = format!(
            "`RECORD` says that `{}` has {} bytes; it has {}",
            line.path,
            line.size,
            bytes.len()
        );
        return wrong(Severity::Error, &codes::WHEEL_RECORD_SIZE, message);
    }
    match algorithm {
        "sha256" => {
            let found = URL_SAFE_NO_PAD.encode(Digest::of(bytes).raw());
            if value == found {
                return None;
            }
            let message = format!("`RECORD` has `{value}` for `{}`; it is `{found}`", line.path);
            wrong(Severity::Error, &codes::WHEEL_RECORD_HASH, message)
        }
        "sha384" | "sha512" if !value.is_empty() => {
            let message = format!("the {algorithm} of `{}` in `RECORD` was not checked", line.path);
            wrong(Severity::Warning, &codes::WHEEL_RECORD_UNCHECKED, message)
        }
        _ => {
            let message = format!("`RECORD` gives no hash of at least SHA-256 for `{}`", line.path);
            wrong(Severity::Error, &codes::WHEEL_RECORD_HASH, message)
        }
    }
}

fn entry_points(groups: Option<&EntryPoints>, problems: &mut Vec<Diagnostic>) {
    let Some(groups) = groups else {
        return error(
            problems,
            &codes::WHEEL_ENTRY_POINTS,
            "`entry_points.txt` is not well-formed",
        );
    };
    let in_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
    for (group, entries) in groups {
        let command = matches!(group.as_str(), "console_scripts" | "gui_scripts");
        for (name, value) in entries {
            if command && (!name.chars().all(in_name) || name.chars().all(|c| c == '.')) {
                let message = format!("`{}` cannot name a command", name.escape_debug());
                error(problems, &codes::WHEEL_ENTRY_POINTS, message);
            } else if !is_reference(value, command) {
                let message = format!("`{name} = {}` points at no object", value.escape_debug());
                warn(problems, &codes::WHEEL_ENTRY_POINTS, message);
            }
        }
    }
}

/// `module.path:object.path`, with extras of old; a command needs the object.
fn is_reference(value: &str, command: bool) -> bool {
    let bare = value.split('[').next().unwrap_or_default().trim();
    let dotted = |text: &str| {
        text.split('.').all(|part| {
            !part.is_empty()
                && !part.starts_with(|c: char| c.is_ascii_digit())
                && part.chars().all(|c| c.is_alphanumeric() || c == '_')
        })
    };
    match bare.split_once(':') {
        Some((module, object)) => dotted(module.trim()) && dotted(object.trim()),
        None => !command && dotted(bare),
    }
}

fn content(wheel: &Wheel, problems: &mut Vec<Diagnostic>) {
    let own = format!("{}/", wheel.dist_info);
    let data = own.replace(".dist-info/", ".data/");
    let mut stray = BTreeSet::new();
    for entry in &wheel.members {
        let path = entry.path.as_str();
        if path.ends_with(".pyc") || path.split('/').any(|part| part == "__pycache__") {
            warn(problems, &codes::WHEEL_BYTECODE, format!("`{path}` is compiled bytecode"));
        }
        if let Some(rest) = path.strip_prefix(&data) {
            let scheme = rest.split('/').next().unwrap_or_default();
            if !DATA_SCHEMES.contains(&scheme) {
                let message = format!("`{path}` is in no folder that installers know");
                error(problems, &codes::WHEEL_DATA_SCHEME, message);
            }
            continue;
        }
        let top = path.split('/').next().unwrap_or_default();
        if STRAY.contains(&top) || (top.starts_with('.') && !path.starts_with(&own)) {
            stray.insert(top);
        } else if !path.contains('/') && !is_root_file(path) {
            stray.insert(path);
        }
    }
    for top in stray {
        let message = format!("`{top}` would land at the root of everyone's site-packages");
        let help = "leave it out of the wheel, in the build backend's configuration";
        problems.push(Diagnostic::new(&codes::WHEEL_STRAY_TOP_LEVEL, message).help(help));
    }
    for (path, bytes) in wheel.sboms() {
        if find(bytes, b"path+file:///") {
            let message = format!("`{path}` names a folder of the machine it was built on");
            warn(problems, &codes::WHEEL_LOCAL_PATH, message);
        }
    }
}

/// Modules, and the `.pth` files and libraries that packages lay beside them.
fn is_root_file(path: &str) -> bool {
    [".py", ".pyi", ".pth", ".so", ".pyd", ".dylib", ".dll"].iter().any(|end| path.ends_with(end))
}

fn find(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}
