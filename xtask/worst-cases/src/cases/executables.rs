//! ELF files whose headers name the same bytes again and again.

use model::Diagnostic;

pub(super) const CASES: super::Cases = &[
    ("elf-sections", sections, read),
    ("elf-notes", notes, read),
    ("elf-dynamic", dynamic, read),
    ("elf-interpreters", interpreters, read),
    ("elf-section-names", section_names, read),
];

fn read(bytes: &[u8]) -> Result<String, Diagnostic> {
    let executable = binary::read_binary(bytes)?;
    let go = binary::go_build_info(bytes)?.is_some();
    let rust = binary::audit_data(bytes)?.is_some();
    Ok(format!("{}, Go {go}, Rust {rust}", executable.machine))
}

/// What headers a file has.
#[derive(Default)]
struct Headers {
    /// Program headers of this type, over the whole content.
    segments: (u32, usize),
    /// Section headers over the whole content; the first one holds the names.
    sections: usize,
}

fn elf(headers: &Headers, content: &[u8]) -> Vec<u8> {
    let (kind, segments) = headers.segments;
    let content_at = (64 + 56 * (segments as u64 + 1)).next_multiple_of(16);
    let sections_at = (content_at + content.len() as u64).next_multiple_of(16);
    let sections = headers.sections;
    let mut file = vec![0x7f, b'E', b'L', b'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    file.extend([2, 0, 62, 0, 1, 0, 0, 0]);
    for word in [0x78, 64, if sections > 0 { sections_at } else { 0 }] {
        file.extend(u64::to_le_bytes(word));
    }
    file.extend(0_u32.to_le_bytes());
    let named = u16::from(sections > 0);
    for half in [64, 56, segments as u16 + 1, 64, sections as u16, named] {
        file.extend(half.to_le_bytes());
    }
    let mut segment = |kind: u32, at: u64, size: u64| {
        file.extend(kind.to_le_bytes());
        file.extend(4_u32.to_le_bytes());
        for word in [at, at, at, size, size, 4] {
            file.extend(u64::to_le_bytes(word));
        }
    };
    segment(1, 0, 64);
    (0..segments).for_each(|_| segment(kind, content_at, content.len() as u64));
    file.resize(content_at as usize, 0);
    file.extend(content);
    file.resize(sections_at as usize, 0);
    for at in 0..sections {
        // Of nothing, of names, of content.
        let kind = [0, 3].get(at).copied().unwrap_or(1_u32);
        file.extend(0_u32.to_le_bytes());
        file.extend(kind.to_le_bytes());
        let (offset, size) = if at == 0 { (0, 0) } else { (content_at, content.len() as u64) };
        for word in [0, 0, offset, size, 0, 1, 0] {
            file.extend(u64::to_le_bytes(word));
        }
    }
    file
}

fn sections(scale: usize) -> Vec<u8> {
    let mut content = vec![1; 1_300_000 * scale];
    content[0] = 0;
    elf(&Headers { sections: 15_000 * scale, ..Headers::default() }, &content)
}

fn notes(scale: usize) -> Vec<u8> {
    elf(&Headers { segments: (4, 10_000 * scale), ..Headers::default() }, &vec![0; 700_000 * scale])
}

fn dynamic(scale: usize) -> Vec<u8> {
    // Entries of a kind that nobody asks for.
    let entry = [7_u64, 0].iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>();
    let content = entry.repeat(100_000 * scale);
    elf(&Headers { segments: (2, 10_000 * scale), ..Headers::default() }, &content)
}

fn interpreters(scale: usize) -> Vec<u8> {
    let mut content = vec![b'x'; 1_000_000 * scale];
    content.push(0);
    elf(&Headers { segments: (3, 10_000 * scale), ..Headers::default() }, &content)
}

fn section_names(scale: usize) -> Vec<u8> {
    let mut content = vec![b'x'; 1_500_000 * scale];
    content.push(0);
    elf(&Headers { sections: 15_000 * scale, ..Headers::default() }, &content)
}
