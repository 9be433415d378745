//! `Link` headers (RFC 8288), by which registries page their lists.

/// The address of the next page in a `Link` header: `<…>; rel="next"`.
#[must_use]
pub fn next_link(header: &str) -> Option<&str> {
    let mut rest = header;
    while let Some((_, behind)) = rest.split_once('<') {
        let (target, after) = behind.split_once('>')?;
        let end = after.find('<').unwrap_or(after.len());
        let (parameters, others) = after.split_at(end);
        let is_next = parameters.split([';', ',']).any(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or_default();
            name.trim().eq_ignore_ascii_case("rel") && value.trim().trim_matches('"') == "next"
        });
        if is_next {
            return Some(target);
        }
        rest = others;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_found_among_links() {
        let check = |header: &str, expected| assert_eq!(next_link(header), expected, "{header}");
        check(r#"</v2/r/referrers/d?n=2>; rel="next""#, Some("/v2/r/referrers/d?n=2"));
        check(r#"<a>; rel=prev, <b,c>; title="x"; REL=next"#, Some("b,c"));
        check(r#"<a>; rel="prev""#, None);
        check("<a", None);
        check("", None);
        check(&"<".repeat(1 << 16), None);
    }
}
