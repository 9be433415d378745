//! Shapes: unknown keys, values of a wrong type, missing keys. Follows the table of keys.

use format::{Key, Origins, Section, Shape, suggest};
use model::{Code, Diagnostic, Findings, Platform};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::codes;
use crate::keys::Keys;

/// Finds everything that is wrong with the shape of `table`, which starts at `offset`.
pub(crate) fn check(
    origins: &Origins,
    keys: Keys<'_>,
    section: &'static Section,
    table: &DeTable<'_>,
    offset: usize,
    problems: &mut Findings,
) {
    for (name, value) in table {
        match keys.find(section, name.get_ref()) {
            Some(key) => check_value(origins, keys, key, value, problems),
            None => problems
                .add(&codes::CONFIG_UNKNOWN_KEY, || unknown_key(origins, keys, section, name)),
        }
    }
    for required in section.required {
        if !table.contains_key(*required) {
            let message = format!("{} lacks `{required}`", section.name);
            let about = keys.find(section, required).map_or("", |key| key.about);
            problems.push(
                origins
                    .error(offset, &codes::CONFIG_MISSING_KEY, message)
                    .help(format!("add `{required}`: {}", lower(about))),
            );
        }
    }
    check_choice(origins, section, table, offset, problems);
}

fn check_choice(
    origins: &Origins,
    section: &Section,
    table: &DeTable<'_>,
    offset: usize,
    problems: &mut Findings,
) {
    if section.one_of.is_empty() {
        return;
    }
    let names = section.one_of.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>();
    let given: Vec<_> =
        section.one_of.iter().filter_map(|name| table.get_key_value(*name)).collect();
    match given.as_slice() {
        [] => problems.push(
            origins
                .error(
                    offset,
                    &codes::CONFIG_MISSING_KEY,
                    format!("{} lacks a source", section.name),
                )
                .help(format!("add one of {}", names.join(", "))),
        ),
        [_] => {}
        [_, (second, _), ..] => problems.push(
            origins
                .error(
                    second.span().start,
                    &format::codes::CONFIG_CONFLICT,
                    format!("{} has {} at once", section.name, names.join(" and ")),
                )
                .help("keep one of them"),
        ),
    }
}

fn check_value(
    origins: &Origins,
    keys: Keys<'_>,
    key: &'static Key,
    value: &Spanned<DeValue<'_>>,
    problems: &mut Findings,
) {
    let offset = value.span().start;
    match (key.shape, value.get_ref()) {
        (Shape::Table(section), DeValue::Table(table)) => {
            check(origins, keys, section, table, offset, problems);
        }
        (Shape::Tables(section), DeValue::Array(tables)) => {
            for item in tables {
                match item.get_ref() {
                    DeValue::Table(table) => {
                        check(origins, keys, section, table, item.span().start, problems);
                    }
                    other => problems.add(&codes::CONFIG_WRONG_TYPE, || {
                        wrong_type(origins, key, other, item.span().start)
                    }),
                }
            }
        }
        (
            Shape::Texts | Shape::TextOrTexts | Shape::Ports | Shape::Platforms,
            DeValue::Array(items),
        ) => {
            if items.is_empty() {
                problems.push(empty(origins, key, offset));
            }
            for item in items {
                add(problems, item_problem(origins, key, item));
            }
        }
        (Shape::Variables, DeValue::Table(table)) => {
            for (name, value) in table {
                add(problems, variable_problem(origins, key, name, value));
            }
        }
        (Shape::Paths, DeValue::Table(table)) => {
            for (name, value) in table {
                add(problems, text_problem(origins, key.name, name.get_ref(), name.span().start));
                let offset = value.span().start;
                let problem = match value.get_ref() {
                    DeValue::String(text) => text_problem(origins, key.name, text, offset),
                    other => Some(wrong(origins, key, other, offset)),
                };
                add(problems, problem);
            }
        }
        (_, value) => add(problems, plain_problem(origins, key, value, offset)),
    }
}

fn empty(origins: &Origins, key: &Key, offset: usize) -> Diagnostic {
    let message = format!("`{}` is empty", key.name);
    origins
        .error(offset, &codes::CONFIG_EMPTY_VALUE, message)
        .help("remove the key, or give it a value")
}

/// A problem that is made only if it is told: a file may hold a hundred thousand of a kind.
struct Problem<'p> {
    code: &'static Code,
    make: Box<dyn FnOnce() -> Diagnostic + 'p>,
}

fn problem<'p>(code: &'static Code, make: impl FnOnce() -> Diagnostic + 'p) -> Problem<'p> {
    Problem { code, make: Box::new(make) }
}

fn add(problems: &mut Findings, found: Option<Problem<'_>>) {
    if let Some(Problem { code, make }) = found {
        problems.add(code, make);
    }
}

fn wrong<'p>(
    origins: &'p Origins,
    key: &'p Key,
    value: &'p DeValue<'_>,
    offset: usize,
) -> Problem<'p> {
    problem(&codes::CONFIG_WRONG_TYPE, move || wrong_type(origins, key, value, offset))
}

fn plain_problem<'p>(
    origins: &'p Origins,
    key: &'p Key,
    value: &'p DeValue<'_>,
    offset: usize,
) -> Option<Problem<'p>> {
    match (key.shape, value) {
        (Shape::Text | Shape::TextOrTexts | Shape::User, DeValue::String(text)) => {
            text_problem(origins, key.name, text, offset)
        }
        (Shape::Flag, DeValue::Boolean(_)) => None,
        (Shape::Whole(..), DeValue::Integer(_)) | (Shape::User, DeValue::Integer(_)) => {
            let (low, high) = match key.shape {
                Shape::Whole(low, high) => (low, high),
                _ => (0, i64::from(u32::MAX)),
            };
            let fits = whole(value).is_some_and(|number| (low..=high).contains(&number));
            (!fits).then(|| out_of_range(origins, key.name, (low, high), offset))
        }
        (Shape::Choice(words), DeValue::String(word)) if !words.contains(&word.as_ref()) => {
            Some(problem(&codes::CONFIG_UNKNOWN_VALUE, move || {
                let message = format!("`{word}` is not a valid `{}`", key.name);
                let help = suggest(word, words.iter().copied());
                origins.error(offset, &codes::CONFIG_UNKNOWN_VALUE, message).help(help)
            }))
        }
        (Shape::Choice(_), DeValue::String(_)) => None,
        (_, other) => Some(wrong(origins, key, other, offset)),
    }
}

fn item_problem<'p>(
    origins: &'p Origins,
    key: &'p Key,
    item: &'p Spanned<DeValue<'_>>,
) -> Option<Problem<'p>> {
    let offset = item.span().start;
    match (key.shape, item.get_ref()) {
        (Shape::Texts | Shape::TextOrTexts, DeValue::String(text)) => {
            text_problem(origins, key.name, text, offset)
        }
        (Shape::Platforms, DeValue::String(text)) => text.parse::<Platform>().err().map(|error| {
            problem(&codes::CONFIG_UNKNOWN_PLATFORM, move || {
                let known = Platform::ALL.map(Platform::as_str);
                origins
                    .error(offset, &codes::CONFIG_UNKNOWN_PLATFORM, error.to_string())
                    .help(suggest(text, known))
            })
        }),
        (Shape::Ports, value @ DeValue::Integer(_)) => {
            let fits = whole(value).is_some_and(|port| (1..=65_535).contains(&port));
            (!fits).then(|| out_of_range(origins, key.name, (1, 65_535), offset))
        }
        (_, other) => Some(wrong(origins, key, other, offset)),
    }
}

fn variable_problem<'p>(
    origins: &'p Origins,
    key: &'p Key,
    name: &'p Spanned<std::borrow::Cow<'_, str>>,
    value: &'p Spanned<DeValue<'_>>,
) -> Option<Problem<'p>> {
    let text = name.get_ref();
    let first = text.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    if !first || !text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Some(problem(&codes::CONFIG_VARIABLE_NAME, move || {
            let message = format!("`{text}` cannot name a variable");
            origins
                .error(name.span().start, &codes::CONFIG_VARIABLE_NAME, message)
                .help("use letters, digits and `_`, and no digit in front")
        }));
    }
    match value.get_ref() {
        DeValue::String(text) if text.contains('\0') => {
            Some(problem(&codes::CONFIG_CONTROL_CHARACTER, move || {
                let message = format!("`{}` holds a NUL character", name.get_ref());
                origins.error(value.span().start, &codes::CONFIG_CONTROL_CHARACTER, message)
            }))
        }
        DeValue::String(_) => None,
        other => Some(wrong(origins, key, other, value.span().start)),
    }
}

fn text_problem<'p>(
    origins: &'p Origins,
    name: &'p str,
    text: &str,
    offset: usize,
) -> Option<Problem<'p>> {
    text.chars().any(char::is_control).then(|| {
        problem(&codes::CONFIG_CONTROL_CHARACTER, move || {
            let message = format!("`{name}` holds a line break or another control character");
            origins
                .error(offset, &codes::CONFIG_CONTROL_CHARACTER, message)
                .help("write it on one line")
        })
    })
}

fn unknown_key(
    origins: &Origins,
    keys: Keys<'_>,
    section: &'static Section,
    name: &Spanned<std::borrow::Cow<'_, str>>,
) -> Diagnostic {
    let (name, offset) = (name.get_ref(), name.span().start);
    let shown: String = name.chars().take(80).collect();
    let message = format!("{} has no key `{shown}`", section.name);
    let help = suggest(name, keys.of(section).map(|key| key.name));
    origins.error(offset, &codes::CONFIG_UNKNOWN_KEY, message).help(help)
}

fn wrong_type(origins: &Origins, key: &Key, value: &DeValue<'_>, offset: usize) -> Diagnostic {
    let (wanted, example) = match key.shape {
        Shape::Text => ("text", "\"…\""),
        Shape::Flag => ("true or false", "true"),
        Shape::Whole(..) => ("a whole number", "8"),
        Shape::Choice(_) => ("text", "\"…\""),
        Shape::User => ("a number or text", "65532"),
        Shape::Texts => ("a list of texts", "[\"…\"]"),
        Shape::TextOrTexts => ("text or a list of texts", "[\"…\"]"),
        Shape::Platforms => ("a list of platforms", "[\"linux-amd64\"]"),
        Shape::Ports => ("a list of numbers", "[8080]"),
        Shape::Variables => ("a table of texts", "{ NAME = \"…\" }"),
        Shape::Paths => ("a table of paths", "{ \"/etc/app.toml\" = \"deploy/app.toml\" }"),
        Shape::Table(_) => ("a table", "{ … }"),
        Shape::Tables(_) => ("a list of tables", "[[…]]"),
    };
    let message = format!("`{}` must be {wanted}, not {}", key.name, value.type_str());
    let help = match key.shape {
        Shape::Tables(_) => format!("write `[[{}]]` above each", key.name),
        Shape::Text => match plain(value) {
            Some(written) => format!("write `{} = \"{written}\"`", key.name),
            None => format!("write `{} = {example}`", key.name),
        },
        _ => format!("write `{} = {example}`", key.name),
    };
    origins.error(offset, &codes::CONFIG_WRONG_TYPE, message).help(help)
}

/// A value as it is written, where quotes around it make it a text.
fn plain(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::Integer(number) => Some(number.as_str().to_owned()),
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        DeValue::Boolean(flag) => Some(flag.to_string()),
        DeValue::Datetime(date) => Some(date.to_string()),
        DeValue::String(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

fn out_of_range<'p>(
    origins: &'p Origins,
    name: &'p str,
    (low, high): (i64, i64),
    offset: usize,
) -> Problem<'p> {
    problem(&codes::CONFIG_OUT_OF_RANGE, move || {
        let message = format!("`{name}` must be between {low} and {high}");
        let help = format!("give a number between {low} and {high}");
        origins.error(offset, &codes::CONFIG_OUT_OF_RANGE, message).help(help)
    })
}

/// The number of an integer value, if it fits.
pub(crate) fn whole(value: &DeValue<'_>) -> Option<i64> {
    let integer = value.as_integer()?;
    i64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

fn lower(text: &str) -> String {
    let mut chars = text.trim_end_matches('.').chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}
