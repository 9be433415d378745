use super::*;

fn code(text: &str) -> String {
    parse("f", text).unwrap_err().code.to_string()
}

#[test]
fn nodes_know_where_they_stand() {
    let text = "\u{feff}a: &x 'b'\nc: [*x, \"d\"]\n";
    let root = parse("f", text).unwrap().unwrap();
    let (key, value) = root.own("a").unwrap();
    assert_eq!(&text[key.span.clone()], "a");
    assert_eq!(&text[value.span.clone()], "'b'");
    let items = root.get("c").unwrap().items();
    assert_eq!(&text[items[0].span.clone()], "*x");
    assert_eq!((items[0].text(), items[0].alias.is_some()), (Some("b"), true));
    assert_eq!(&text[items[1].span.clone()], "\"d\"");
}

#[test]
fn numbers_truths_and_dates_are_no_text() {
    for plain in
        ["1", "1.5", "-1", "true", "No", "on", "1e3", "0x1f", "2001-01-01", "1:20", ".inf", "~"]
    {
        let root = parse("f", &format!("a: {plain}")).unwrap().unwrap();
        assert!(!root.get("a").unwrap().is_text(), "{plain}");
    }
    for text in ["1.2.3", "v1", "'1'", "\"true\"", "abc", "|\n  1"] {
        let root = parse("f", &format!("a: {text}")).unwrap().unwrap();
        assert!(root.get("a").unwrap().is_text(), "{text}");
    }
}

#[test]
fn a_bomb_of_aliases_is_refused_before_it_grows() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    assert_eq!(code(&text), "yaml-too-large");
}

#[test]
fn endless_nesting_is_refused_in_every_guise() {
    assert!(parse("f", &"[".repeat(100_000)).is_err());
    assert!(parse("f", &"- ".repeat(50_000)).is_err());
    let mut chain = String::from("a0: &a0 [x]\n");
    for level in 1..200 {
        chain.push_str(&format!("a{level}: &a{level} [*a{}]\n", level - 1));
    }
    assert_eq!(code(&chain), "yaml-too-deep");
    assert!(parse("f", "a: &a [*a]").is_err());
}

#[test]
fn cut_and_changed_texts_are_answered_without_a_panic() {
    let text =
        "a: &x {b: 'c', d: [1, *x]}\n---\ne: |\n  f\n? g\n: !!str h # i\n\"j\\u0041\": >-\n  k\n";
    for end in 0..=text.len() {
        let _ = parse("f", &text[..end]).is_ok();
    }
    let mut state = 7_u32;
    for _ in 0..4_000 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let mut bytes = text.as_bytes().to_vec();
        let at = (state >> 8) as usize % bytes.len();
        bytes[at] = b"\n\t :-[]{},&*!|>'\"%@`#?0"[(state >> 24) as usize % 23];
        let _ = parse("f", std::str::from_utf8(&bytes).unwrap()).is_ok();
    }
}

#[test]
fn aliases_cost_what_they_stand_for() {
    let fits = |text: &str| {
        let parsed = parse_within("f", text, &Budget::limited(1 << 20));
        parsed.map(drop).map_err(|problem| problem.code.name)
    };
    let refused = Err("too-much-work");
    let bomb = |chars: usize, aliases: usize| {
        format!("a: &a {}\nb: [{}]\n", "x".repeat(chars), vec!["*a"; aliases].join(","))
    };
    assert_eq!(fits(&bomb(100, 1_000)), Ok(()));
    assert_eq!(fits(&bomb(100_000, 1)), Ok(()));
    assert_eq!(fits(&bomb(100_000, 10)), refused);
    assert_eq!(fits(&bomb(1_000, 1_000)), refused);
    // An anchored collection, a key, and an alias of aliases.
    let (text, aliases) = ("x".repeat(1_000), vec!["*a"; 1_000].join(","));
    assert_eq!(fits(&format!("a: &a [{text}]\nb: [{aliases}]")), refused);
    assert_eq!(fits(&format!("a: &a {{{text}: 1}}\nb: [{aliases}]")), refused);
    let (few, more) = ("*a,".repeat(40), "*b,".repeat(40));
    assert_eq!(fits(&format!("a: &a {text}\nb: &b [{few}]\nc: [{more}]")), refused);
    // Nodes without text cost something, too.
    assert_eq!(fits(&format!("a: &a [{}]\nb: [{}]", "a,".repeat(100), "*a,".repeat(300))), refused);
}
