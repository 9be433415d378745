//! Links of an index's HTML page (PEP 503). Reads what a browser would take for an anchor, and
//! no more; runs nothing, follows nothing.

use model::Budget;
use reqwest::Url;

use super::{Listed, MAX_FILES, Page, charge, digest, major_is_one};
use crate::percent;

/// Reads all links of the page at `url`.
pub(super) fn read(url: &Url, body: &[u8]) -> Result<Page, String> {
    let text = std::str::from_utf8(body).map_err(|_| "it is not UTF-8")?;
    let (mut base, mut files) = (url.clone(), Vec::new());
    let budget = Budget::of(body.len() as u64);
    let mut rest = text;
    while let Some((tag, after)) = next_tag(rest) {
        rest = after;
        match tag.name.as_str() {
            "base" => {
                let joined = tag.value("href").map(|href| url.join(&href));
                base = joined.and_then(Result::ok).unwrap_or(base);
            }
            "meta" if tag.value("name").as_deref() == Some("pypi:repository-version") => {
                major_is_one(&tag.value("content").unwrap_or_default())?;
            }
            "a" => {
                if let Some(href) = tag.value("href") {
                    let provenance = tag.value("data-provenance");
                    // Every address repeats that of the page, which a `<base>` may make long.
                    let own = href.len() + provenance.as_ref().map_or(0, String::len);
                    charge(&budget, &base, own)?;
                    files.push(listed(&base, &href, provenance.as_deref())?);
                }
            }
            // Their content is not markup.
            "script" | "style" => rest = after_end(rest, &tag.name),
            _ => {}
        }
        if files.len() > MAX_FILES {
            return Err(format!("it lists more than {MAX_FILES} files"));
        }
    }
    Ok(Page { files })
}

/// An opening tag.
struct Tag<'t> {
    name: String,
    attributes: &'t str,
}

impl Tag<'_> {
    /// An attribute's value; the first one of a name counts.
    fn value(&self, wanted: &str) -> Option<String> {
        let mut rest = self.attributes;
        while let Some((name, value, after)) = attribute(rest) {
            if name.eq_ignore_ascii_case(wanted) {
                return Some(unescaped(value));
            }
            rest = after;
        }
        None
    }
}

/// The next opening tag, and what follows it.
fn next_tag(mut text: &str) -> Option<(Tag<'_>, &str)> {
    loop {
        let (_, after) = text.split_once('<')?;
        if let Some(comment) = after.strip_prefix("!--") {
            text = comment.split_once("-->")?.1;
            continue;
        }
        if !after.starts_with(|c: char| c.is_ascii_alphabetic()) {
            text = after;
            continue;
        }
        let ends = |c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/');
        let at = after.find(ends)?;
        let (name, rest) = after.split_at(at);
        let end = tag_end(rest)?;
        let tag = Tag { name: name.to_ascii_lowercase(), attributes: rest.get(..end)? };
        return Some((tag, rest.get(end + 1..)?));
    }
}

/// Where the `>` is that ends a tag: one in quotes does not.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut after_equals = false;
    for (at, c) in text.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '>' => return Some(at),
            None if after_equals && matches!(c, '"' | '\'') => quote = Some(c),
            None => {}
        }
        after_equals = c == '=' || after_equals && c.is_ascii_whitespace();
    }
    None
}

/// The first attribute: name, value and what follows.
fn attribute(text: &str) -> Option<(&str, &str, &str)> {
    let text = text.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
    let ends = |c: char| c.is_ascii_whitespace() || matches!(c, '=' | '/');
    // An equals sign in front belongs to the name, so every step goes forward.
    let skip = text.chars().next()?.len_utf8();
    let at = text.get(skip..)?.find(ends).map_or(text.len(), |at| at + skip);
    let (name, rest) = text.split_at(at);
    let Some(value) = rest.trim_start().strip_prefix('=') else { return Some((name, "", rest)) };
    let value = value.trim_start();
    for quote in ['"', '\''] {
        if let Some(quoted) = value.strip_prefix(quote) {
            let (value, rest) = quoted.split_once(quote).unwrap_or((quoted, ""));
            return Some((name, value, rest));
        }
    }
    let at = value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len());
    let (value, rest) = value.split_at(at);
    Some((name, value, rest))
}

fn after_end<'t>(text: &'t str, name: &str) -> &'t str {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("</") {
        if after.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return after;
        }
        rest = after;
    }
    ""
}

/// A link: the file's name is the last part of its path (PEP 503), its digest the fragment.
fn listed(base: &Url, href: &str, provenance: Option<&str>) -> Result<Listed, String> {
    let mut url = base.join(href.trim()).map_err(|_| "it holds an address that is not valid")?;
    let sha256 = match url.fragment().and_then(|text| text.strip_prefix("sha256=")) {
        Some(hex) => Some(digest(hex.split('&').next().unwrap_or_default())?),
        None => None,
    };
    url.set_fragment(None);
    let name = percent::decoded(url.path().rsplit('/').next().unwrap_or_default());
    let provenance = provenance.map(|text| base.join(text.trim())).transpose();
    let provenance = provenance.map_err(|_| "it holds an address that is not valid")?;
    Ok(Listed { name, url, sha256, uploaded: None, provenance })
}

/// With the character references that addresses need.
fn unescaped(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        // No reference is longer, so no more is looked at: a text of many `&` would be read anew
        // for each of them.
        let end = after.bytes().take(MAX_REFERENCE_BYTES).position(|byte| byte == b';');
        let name = end.and_then(|end| Some((after.get(..end)?, after.get(end + 1..)?)));
        let known = name.and_then(|(name, rest)| Some((reference(name)?, rest)));
        match known {
            Some((c, after)) => {
                out.push(c);
                rest = after;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out + rest
}

/// Bytes of the name of a character reference and its `;`: `#x0010ffff;`, with zeros to spare.
const MAX_REFERENCE_BYTES: usize = 32;

fn reference(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let hex = number.strip_prefix(['x', 'X']);
            let hex = hex.map(|hex| u32::from_str_radix(hex, 16));
            char::from_u32(hex.unwrap_or_else(|| number.parse()).ok()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Result<Vec<String>, String> {
        let url = Url::parse("https://index.example/simple/a/").unwrap();
        Ok(read(&url, text.as_bytes())?.files.into_iter().map(|file| file.name).collect())
    }

    fn check(text: &str, expected: &[&str]) {
        let expected: Vec<String> = expected.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(names(text), Ok(expected), "{text}");
    }

    #[test]
    fn links_are_read_in_every_spelling_of_an_anchor() {
        check("<a href=\"/f/a-1.tar.gz\">a-1.tar.gz</a><br>", &["a-1.tar.gz"]);
        check("<A\n class=x HREF = 'a-1.whl' data-requires-python='&gt;=3'>a</A>", &["a-1.whl"]);
        check("<a data-x=\"a > b\" href=a-1.whl>", &["a-1.whl"]);
        check("<a href='a-1%2Bcpu.whl'>a</a>", &["a-1+cpu.whl"]);
        check("<a href='x?a=1&amp;b=/2'>", &["x"]);
        check("<abbr href=no><a>none</a><a name=b href=yes>", &["yes"]);
    }

    #[test]
    fn what_is_not_markup_holds_no_links() {
        check("<!-- <a href=a-1.whl> --><a href=b-1.whl>", &["b-1.whl"]);
        check("<script>'<a href=a-1.whl>'</SCRIPT><a href=b-1.whl>", &["b-1.whl"]);
        check("a < b <a href=b-1.whl>", &["b-1.whl"]);
    }

    #[test]
    fn a_link_is_relative_to_the_page_or_to_its_base() {
        let read = |text: &str| {
            let url = Url::parse("https://index.example/simple/a/").unwrap();
            read(&url, text.as_bytes()).unwrap().files.remove(0).url.to_string()
        };
        let hex = "0".repeat(64);
        assert_eq!(read("<a href='../../f/x#sha256=q'>".replace('q', &hex).as_str()), {
            "https://index.example/f/x"
        });
        assert_eq!(read("<base href='//o.example/b/'><a href=x>"), "https://o.example/b/x");
    }

    #[test]
    fn the_digest_is_the_fragment_and_other_algorithms_are_none() {
        let digest = |fragment: &str| {
            let url = Url::parse("https://index.example/simple/a/").unwrap();
            let text = format!("<a href='a-1.whl#{fragment}'>");
            read(&url, text.as_bytes()).map(|mut page| page.files.remove(0).sha256.is_some())
        };
        assert_eq!(digest(&format!("sha256={}", "a".repeat(64))), Ok(true));
        assert_eq!(digest(&format!("sha256={}&x=y", "A".repeat(64))), Ok(true));
        assert_eq!(digest("md5=0123"), Ok(false));
        assert_eq!(digest(""), Ok(false));
        assert!(digest("sha256=0123").is_err());
    }

    #[test]
    fn a_page_of_another_major_version_is_refused() {
        let meta = |version: &str| {
            names(&format!("<meta name='pypi:repository-version' content='{version}'>"))
        };
        assert_eq!(meta("1.4"), Ok(Vec::new()));
        assert!(meta("2.0").is_err());
    }

    #[test]
    fn broken_and_hostile_pages_end() {
        for text in
            ["<a", "<a href", "<a href=", "<a href='x", "<!--", "<script>", "<a =>", "<", ""]
        {
            assert_eq!(names(text), Ok(Vec::new()), "{text}");
        }
        assert!(names("<a href='//['>").is_err());
        check(&format!("{}<a href=x>", "<".repeat(100_000)), &["x"]);
        check(&format!("<a {} href=x>", "= ".repeat(10_000)), &["x"]);
        assert_eq!(
            unescaped(&format!("{};", "&".repeat(100_000))),
            format!("{};", "&".repeat(100_000))
        );
        assert_eq!(unescaped("&#x000041;&amp;&é;&é"), "A&&é;&é");
        assert_eq!(unescaped("&#x41;&#66;&unknown;&#xffffffff;&"), "AB&unknown;&#xffffffff;&");
    }

    #[test]
    fn addresses_cost_what_they_repeat_of_the_base() {
        let page = |base: usize, links: usize| {
            let base = format!("<base href='https://o.example/{}/'>", "b".repeat(base));
            names(&(base + &"<a href=x>".repeat(links))).map(|names| names.len())
        };
        assert_eq!(page(10, 1_000), Ok(1_000));
        assert_eq!(page(100_000, 10), Ok(10));
        assert!(page(100_000, 2_000).unwrap_err().contains("48 MiB"));
        let provenance = "<a href=x data-provenance=y>".repeat(2_000);
        let base = format!("<base href='https://o.example/{}/'>", "b".repeat(100_000));
        assert!(names(&(base + &provenance)).is_err());
    }
}
