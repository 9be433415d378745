//! Pieces of HTML: the head, tables, text that came from outside. It knows no release.

/// A column: its heading, and the class of its cells.
pub(super) type Column<'a> = (&'a str, &'a str);

/// Rows under a heading of their own, or under none.
pub(super) type Group = (Option<String>, Vec<Vec<String>>);

/// The page up to its body. The policy lets nothing be loaded, whatever a later reader pastes in.
pub(super) fn head(title: &str, style: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{}</title>\n<style>\n{style}</style>\n</head>\n<body>\n",
        escape(title)
    )
}

/// A table whose cells are HTML already; the first cell of a row is its heading.
pub(super) fn table(columns: &[Column], groups: &[Group]) -> String {
    let mut html = "<div class=\"scroll\"><table>\n<thead><tr>".to_owned();
    for (heading, class) in columns {
        html.push_str(&format!("<th scope=\"col\"{}>{heading}</th>", attribute(class)));
    }
    html.push_str("</tr></thead>\n");
    for (heading, rows) in groups {
        html.push_str("<tbody>\n");
        if let Some(heading) = heading {
            let width = columns.len();
            html.push_str(&format!(
                "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"{width}\">\
                 {heading}</th></tr>\n"
            ));
        }
        for row in rows {
            html.push_str("<tr>");
            for (index, ((heading, class), cell)) in columns.iter().zip(row).enumerate() {
                html.push_str(&if index == 0 {
                    format!("<th scope=\"row\">{cell}</th>")
                } else {
                    format!("<td data-label=\"{heading}\"{}>{cell}</td>", attribute(class))
                });
            }
            html.push_str("</tr>\n");
        }
        html.push_str("</tbody>\n");
    }
    html.push_str("</table></div>\n");
    html
}

fn attribute(class: &str) -> String {
    if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") }
}

/// A size for people: `512 B`, `4.2 kB`, `13.3 MB`, in powers of 1,000.
pub(super) fn size(bytes: u64) -> String {
    let (unit, divisor) = match bytes {
        0..1_000 => return format!("{bytes} B"),
        1_000..1_000_000 => ("kB", 1_000),
        1_000_000..1_000_000_000 => ("MB", 1_000_000),
        _ => ("GB", 1_000_000_000),
    };
    let tenths = u128::from(bytes) * 10 / divisor;
    format!("{}.{} {unit}", tenths / 10, tenths % 10)
}

/// Text that came from outside, as text.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c if c.is_control() && c != '\n' => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Text from outside in which what stands between backticks is code.
pub(super) fn prose(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    let paired = parts.len() % 2 == 1;
    let mut html = String::new();
    for (index, part) in parts.iter().enumerate() {
        match (index % 2, paired) {
            (1, true) => html.push_str(&format!("<code>{}</code>", escape(part))),
            (_, false) if index > 0 => html.push_str(&format!("`{}", escape(part))),
            _ => html.push_str(&escape(part)),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_shown_in_powers_of_a_thousand() {
        let shown = [0, 999, 1_000, 13_340_000, 2_000_000_000].map(size);
        assert_eq!(shown, ["0 B", "999 B", "1.0 kB", "13.3 MB", "2.0 GB"]);
    }

    #[test]
    fn text_from_outside_cannot_become_markup() {
        assert_eq!(escape("<a href='x'>&\u{1b}"), "&lt;a href=&#39;x&#39;&gt;&amp;\u{fffd}");
    }

    #[test]
    fn backticks_in_pairs_make_code() {
        let check = |text: &str, expected: &str| assert_eq!(prose(text), expected);
        check("needs `a<b`, not `c`", "needs <code>a&lt;b</code>, not <code>c</code>");
        check("plain", "plain");
        check("`a` and `b", "`a` and `b");
    }

    #[test]
    fn rows_stand_under_their_group_and_cells_carry_their_column_s_name() {
        let row = vec!["a".to_owned(), "1".to_owned()];
        let html = table(&[("Name", ""), ("Size", "number")], &[(Some("All".into()), vec![row])]);
        assert!(html.contains("<th scope=\"rowgroup\" colspan=\"2\">All</th>"), "{html}");
        assert!(html.contains("<td data-label=\"Size\" class=\"number\">1</td>"), "{html}");
    }
}
