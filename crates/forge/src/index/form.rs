//! `multipart/form-data` (RFC 7578), the format of uploads.

/// A part of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part<'a> {
    pub name: String,
    pub file: Option<String>,
    pub bytes: &'a [u8],
}

/// The parts of a form; `None` if it is not a valid one or has too many.
pub(super) fn parts<'a>(content_type: &str, body: &'a [u8]) -> Option<Vec<Part<'a>>> {
    let (kind, parameters) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary = parameter(parameters, "boundary")?;
    let line = format!("--{boundary}");
    let mut rest = body.strip_prefix(line.as_bytes())?;
    let delimiter = format!("\r\n{line}");
    let mut parts = Vec::new();
    while let Some(begun) = rest.strip_prefix(b"\r\n") {
        let end = find(begun, delimiter.as_bytes())?;
        parts.push(part(begun.get(..end)?)?);
        if parts.len() > MAX_PARTS {
            return None;
        }
        rest = begun.get(end + delimiter.len()..)?;
    }
    rest.starts_with(b"--").then_some(parts)
}

/// The most parts of one form: metadata has a few hundred fields at most.
const MAX_PARTS: usize = 2_000;

fn part(bytes: &[u8]) -> Option<Part<'_>> {
    let end = find(bytes, b"\r\n\r\n")?;
    let head = std::str::from_utf8(bytes.get(..end)?).ok()?;
    let own = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-disposition").then_some(value)
    })?;
    let (name, file) = (parameter(own, "name")?, parameter(own, "filename"));
    Some(Part { name, file, bytes: bytes.get(end + 4..)? })
}

/// `name="value"` among parameters separated by semicolons.
fn parameter(text: &str, name: &str) -> Option<String> {
    text.split(';').find_map(|part| {
        let (key, value) = part.trim().split_once('=')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim_matches('"').to_owned())
    })
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let (first, _) = wanted.split_first()?;
    let mut from = 0;
    while let Some(next) = bytes.get(from..)?.iter().position(|byte| byte == first) {
        if bytes.get(from + next..)?.starts_with(wanted) {
            return Some(from + next);
        }
        from += next + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read_and_broken_ones_refused() {
        let check = |body: &str, expected: Option<&[(&str, Option<&str>, &str)]>| {
            let found = parts("multipart/form-data; boundary=\"x\"", body.as_bytes());
            let found: Option<Vec<(&str, Option<&str>, &str)>> = found.as_ref().map(|found| {
                let text = |bytes| std::str::from_utf8(bytes).unwrap();
                let parts = found.iter();
                parts.map(|one| (&*one.name, one.file.as_deref(), text(one.bytes))).collect()
            });
            assert_eq!(found.as_deref(), expected, "{body}");
        };
        let one = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x";
        check(&format!("{one}--\r\n"), Some(&[("a", None, "1")]));
        let file = "content-disposition: form-data; name=c; filename=\"f.whl\"\r\nX: y\r\n\r\n\r\n";
        let two = format!("{one}\r\n{file}\r\n--x--");
        check(&two, Some(&[("a", None, "1"), ("c", Some("f.whl"), "\r\n")]));
        check("--x--", Some(&[]));
        check(one, None);
        check("--x\r\nno head", None);
        check("", None);
    }
}
