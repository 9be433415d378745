use super::*;

/// `text` with `version` set to 2.0.0 and `appVersion` to 3.1.
fn check(text: &str, expected: &str) {
    assert_eq!(
        set_versions("Chart.yaml", text, "2.0.0", Some("3.1")).unwrap(),
        expected,
        "{text:?}"
    );
}

/// `text` with only `version` set.
fn check_version(text: &str, expected: &str) {
    assert_eq!(
        set_versions("Chart.yaml", text, "2.0.0-rc.1+b", None).unwrap(),
        expected,
        "{text:?}"
    );
}

#[test]
fn quotes_comments_and_everything_else_stay() {
    check(
        "# top\nname: x\nversion: 1.0.0   # chart\nappVersion: \"1.0\" # app\nicon: >-\n  a\n  b\n",
        "# top\nname: x\nversion: 2.0.0   # chart\nappVersion: \"3.1\" # app\nicon: >-\n  a\n  b\n",
    );
    check(
        "version: '1.0.0'\nappVersion: 1.0\nname: ä",
        "version: '2.0.0'\nappVersion: \"3.1\"\nname: ä",
    );
    check_version(
        "\"name\": x\n\"version\" :   1.0.0\n",
        "\"name\": x\n\"version\" :   2.0.0-rc.1+b\n",
    );
}

#[test]
fn line_ends_and_byte_order_mark_stay() {
    check(
        "\u{feff}name: x\r\nversion: 1.0.0\r\nappVersion: 1\r\n",
        "\u{feff}name: x\r\nversion: 2.0.0\r\nappVersion: \"3.1\"\r\n",
    );
    check("\u{feff}name: x\r\n", "\u{feff}name: x\r\nversion: 2.0.0\r\nappVersion: \"3.1\"\r\n");
}

#[test]
fn a_chart_without_a_version_takes_the_one_of_the_release() {
    check(
        "name: x\ntype: application\n",
        "name: x\nversion: 2.0.0\nappVersion: \"3.1\"\ntype: application\n",
    );
    check("type: a\nname: x", "type: a\nname: x\nversion: 2.0.0\nappVersion: \"3.1\"");
    check(
        "  name: x # c\n  home: h\n",
        "  name: x # c\n  version: 2.0.0\n  appVersion: \"3.1\"\n  home: h\n",
    );
    check("name: x\nversion: # none\n", "name: x\nversion: 2.0.0 # none\nappVersion: \"3.1\"\n");
    check("name: x\nversion: ~\nappVersion:", "name: x\nversion: 2.0.0\nappVersion: \"3.1\"");
    check_version("name: x\nversion:\nhome: h\n", "name: x\nversion: 2.0.0-rc.1+b\nhome: h\n");
}

#[test]
fn an_application_version_is_left_alone_unless_it_is_given() {
    check_version(
        "name: x\nversion: 1\nappVersion: 7\n",
        "name: x\nversion: 2.0.0-rc.1+b\nappVersion: 7\n",
    );
    check_version("name: x\nversion: 1\n", "name: x\nversion: 2.0.0-rc.1+b\n");
}

#[test]
fn flow_style_anchors_and_further_documents_are_understood() {
    check("{name: x, version: 1.0.0}", "{name: x, version: 2.0.0, appVersion: \"3.1\"}");
    check("{name: x}\n", "{name: x, version: 2.0.0, appVersion: \"3.1\"}\n");
    check(
        "name: x\nversion: &v 1.0.0\nappVersion: *v\nannotations: {a: *v}\n",
        "name: x\nversion: &v 2.0.0\nappVersion: \"3.1\"\nannotations: {a: *v}\n",
    );
    check_version(
        "name: x\nappVersion: &v 1.0.0\nversion: *v\n",
        "name: x\nappVersion: &v 1.0.0\nversion: 2.0.0-rc.1+b\n",
    );
    check_version(
        "---\nname: x\nversion: 1\n---\nversion: 9\n",
        "---\nname: x\nversion: 2.0.0-rc.1+b\n---\nversion: 9\n",
    );
    check_version(
        "base: &b\n  version: 1\n<<: *b\nname: x\n",
        "base: &b\n  version: 1\n<<: *b\nname: x\nversion: 2.0.0-rc.1+b\n",
    );
    check_version("name: x\nversion: !!str 1.0\n", "name: x\nversion: !!str 2.0.0-rc.1+b\n");
}

#[test]
fn a_new_line_stands_below_values_of_several_lines() {
    check_version("name: |-\n  x\nhome: h\n", "name: |-\n  x\nversion: 2.0.0-rc.1+b\nhome: h\n");
    check_version("name:\n  x # c\nhome: h\n", "name:\n  x # c\nversion: 2.0.0-rc.1+b\nhome: h\n");
}

#[test]
fn a_key_of_the_same_name_further_down_is_another_one() {
    check(
        "dependencies:\n- name: y\n  version: 1.0.0\nname: x\nversion: 1.0.0\nappVersion: 1\n",
        "dependencies:\n- name: y\n  version: 1.0.0\nname: x\nversion: 2.0.0\n\
         appVersion: \"3.1\"\n",
    );
}

#[test]
fn an_application_version_that_is_no_number_needs_no_quotes_else_it_gets_them() {
    let set = |app: &str| {
        set_versions(
            "Chart.yaml",
            "{name: x, version: 1.0.0, appVersion: 1.0.0}",
            "1.0.0",
            Some(app),
        )
        .unwrap()
    };
    let check = |app: &str, written: &str| {
        assert_eq!(set(app), format!("{{name: x, version: 1.0.0, appVersion: {written}}}"));
    };
    check("1.2.3", "1.2.3");
    check("v1", "v1");
    for app in ["1.2", "1e3", "2024-01-02", "true", "0x10", "a, b", "1:20", "latest", ""] {
        check(app, &format!("\"{app}\""));
    }
    check("a\"\\\n", "\"a\\\"\\\\\\u000a\"");
}

#[test]
fn what_cannot_be_changed_in_place_is_told() {
    let refused = |text: &str, code: &str| {
        let problem = set_versions("c/Chart.yaml", text, "2.0.0", Some("3.1")).unwrap_err();
        assert_eq!(problem.code.to_string(), code, "{text:?}");
        assert_eq!(problem.location.unwrap().file, "c/Chart.yaml");
    };
    refused("name: x\nversion: |\n  1.0.0\n", "chart-unclear-version");
    refused("name: x\nversion: {a: b}\n", "chart-unclear-version");
    refused("? name\n: x\n", "chart-unclear-version");
    refused("name: [x]\n", "chart-without-name");
    refused("name: x\n\tversion: 1\n", "yaml-syntax");
}
