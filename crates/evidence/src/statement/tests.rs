//! Statements: their one rendering, and what is refused.

use super::*;

fn input(subjects: usize) -> ProvenanceInput {
    let tool = |name: &str, version: &str, digest| ToolUse {
        name: name.to_owned(),
        version: version.to_owned(),
        digest,
    };
    ProvenanceInput {
        repository: "https://github.com/owner/repo".to_owned(),
        tag: "v1.2.3".to_owned(),
        version: "1.2.3".to_owned(),
        selection: vec![],
        commit: Some("0".repeat(40)),
        dirty: false,
        submodules: BTreeMap::new(),
        materials: Vec::new(),
        epoch: 315_532_800,
        plan: Digest::of(b"plan"),
        generator: tool("package-actions", "0.1.0", None),
        tools: vec![tool("uv", "0.9", Some(Digest::of(b"uv"))), tool("go", "1.27+x", None)],
        subjects: (0..subjects)
            .rev()
            .map(|number| (format!("binary/{number:05}"), Digest::of(b"x")))
            .collect(),
        byproducts: Vec::new(),
    }
}

/// The same with a file about each subject.
fn described(subjects: usize) -> ProvenanceInput {
    let input = input(subjects);
    let byproduct = |(name, _): &(String, Digest)| Byproduct {
        about: vec!["no subject".to_owned(), name.clone()],
        name: format!("{name}.spdx.json"),
        digest: Digest::of(b"sbom"),
        media_type: "application/spdx+json".to_owned(),
    };
    let byproducts = input.subjects.iter().map(byproduct).collect();
    ProvenanceInput { byproducts, ..input }
}

#[test]
fn the_rendering_follows_the_two_specifications() {
    let texts = provenance(&ProvenanceInput { dirty: true, ..described(1) }).unwrap();
    let value: serde_json::Value = serde_json::from_str(&texts[0]).unwrap();
    let hex = Digest::of(b"x").hex();
    let expected = serde_json::json!({
        "_type": STATEMENT_TYPE,
        "subject": [{"name": "binary/00000", "digest": {"sha256": hex}}],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "buildDefinition": {
                "buildType": BUILD_TYPE,
                "externalParameters": {
                    "repository": "https://github.com/owner/repo",
                    "tag": "v1.2.3",
                    "version": "1.2.3",
                },
                "internalParameters": {
                    "plan": Digest::of(b"plan").to_string(),
                    "sourceDateEpoch": 315_532_800,
                },
                "resolvedDependencies": [
                    {
                        "name": "source",
                        "uri": "git+https://github.com/owner/repo",
                        "digest": {"gitCommit": "0".repeat(40)},
                        "annotations": {"dirty": "true"},
                    },
                    {"name": "go", "uri": "pkg:generic/go@1.27%2Bx"},
                    {
                        "name": "uv",
                        "uri": "pkg:generic/uv@0.9",
                        "digest": {"sha256": Digest::of(b"uv").hex()},
                    },
                ],
            },
            "runDetails": {
                "builder": {"id": BUILDER_ID, "version": {"package-actions": "0.1.0"}},
                "byproducts": [{
                    "name": "binary/00000.spdx.json",
                    "digest": {"sha256": Digest::of(b"sbom").hex()},
                    "mediaType": "application/spdx+json",
                }],
            },
        },
    });
    assert_eq!(value, expected);
}

#[test]
fn what_was_fetched_is_a_resolved_dependency_by_its_digest() {
    let material = |name: &str| Material {
        uri: format!("pkg:generic/{name}?repository_url=https://charts.example.com/c"),
        digest: Digest::of(name.as_bytes()),
    };
    let mut input = input(1);
    input.materials = vec![material("redis@2.0.0"), material("db@1.2.3"), material("db@1.2.3")];
    let text = provenance(&input).unwrap().remove(0);
    let statement = parse(&text).unwrap();
    let found: Vec<(&str, &str)> = statement.predicate.build_definition.resolved_dependencies[1..3]
        .iter()
        .map(|one| (one.name.as_str(), one.digest["sha256"].as_str()))
        .collect();
    let (db, redis) = (material("db@1.2.3").digest.hex(), material("redis@2.0.0").digest.hex());
    assert_eq!(found, [("db@1.2.3", db.as_str()), ("redis@2.0.0", redis.as_str())]);
}

#[test]
fn subjects_are_sorted_and_split_at_the_limit() {
    let check = |count: usize, expected: &[usize]| {
        let texts = provenance(&input(count)).unwrap();
        let statements: Vec<Statement> = texts.iter().map(|text| parse(text).unwrap()).collect();
        let sizes: Vec<usize> = statements.iter().map(|s| s.subject.len()).collect();
        assert_eq!(sizes, expected);
        let mut all: Vec<_> = statements.iter().flat_map(|s| s.subjects().unwrap()).collect();
        assert!(all.is_sorted());
        all.dedup();
        assert_eq!(all.len(), count);
    };
    check(0, &[]);
    check(1, &[1]);
    check(1_024, &[1_024]);
    check(1_025, &[1_024, 1]);
    check(4_000, &[1_024, 1_024, 1_024, 928]);
}

#[test]
fn what_is_about_a_subject_is_named_by_the_statement_that_speaks_of_it() {
    let texts = provenance(&described(1_025)).unwrap();
    for text in &texts {
        let statement = parse(text).unwrap();
        let subjects = statement.subjects().unwrap().into_iter();
        let expected: Vec<_> =
            subjects.map(|(name, _)| (format!("{name}.spdx.json"), Digest::of(b"sbom"))).collect();
        assert_eq!(statement.byproducts().unwrap(), expected);
    }
    let nobodys = ProvenanceInput { subjects: input(1).subjects, ..described(2) };
    assert_eq!(parse(&provenance(&nobodys).unwrap()[0]).unwrap().byproducts().unwrap().len(), 1);
    let mut twice = described(2);
    twice.byproducts.push(twice.byproducts[0].clone());
    assert_eq!(provenance(&twice).unwrap_err().code.to_string(), "statement-byproducts");

    let good = provenance(&described(2)).unwrap().remove(0);
    let check = |from: &str, to: &str| {
        let text = good.replace(from, to);
        assert_ne!(text, good, "{from}");
        assert_eq!(
            parse(&text).unwrap_err().code.to_string(),
            "statement-byproducts",
            "{from} -> {to}"
        );
    };
    check("binary/00001.spdx.json", "binary/00000.spdx.json");
    check("binary/00001.spdx.json", "a");
    check("binary/00001.spdx.json", "");
    check(&Digest::of(b"sbom").hex(), "00");
}

#[test]
fn a_subject_that_stands_twice_is_refused() {
    let mut twice = input(2);
    twice.subjects.push(twice.subjects[0].clone());
    assert_eq!(provenance(&twice).unwrap_err().code.to_string(), "statement-subjects");
    let mut text = provenance(&input(2)).unwrap().remove(0);
    text = text.replace("binary/00001", "binary/00000");
    assert_eq!(parse(&text).unwrap_err().code.to_string(), "statement-subjects");
}

#[test]
fn any_other_statement_is_refused() {
    let good = provenance(&input(2)).unwrap().remove(0);
    let check = |from: &str, to: &str, code: &str| {
        assert!(good.contains(from), "{from}");
        assert_eq!(
            parse(&good.replacen(from, to, 1)).unwrap_err().code.to_string(),
            code,
            "{from} -> {to}"
        );
    };
    check("builders/local/v1", "builders/hosted/v1", "statement-type");
    check("buildtypes/local/v1", "buildtypes/local/v2", "statement-type");
    check("slsa.dev/provenance/v1", "slsa.dev/provenance/v0.2", "statement-type");
    check("\"tag\": ", "\"extra\": 1, \"tag\": ", "statement-syntax");
    check("\"tag\": ", "\"tag\": \"v0\", \"tag\": ", "statement-syntax");
    check("  \"subject\"", " \"subject\"", "statement-syntax");
    check("v1.2.3", "v1.2.\\u0033", "statement-syntax");
    check("binary/00001", "a", "statement-subjects");
    check(&Digest::of(b"x").hex(), &Digest::of(b"x").hex().to_uppercase(), "statement-subjects");
    check("}\n", "}", "statement-syntax");
    for text in ["", "{}", "null", &"[".repeat(100_000)] {
        assert_eq!(parse(text).unwrap_err().code.to_string(), "statement-syntax");
    }
}

#[test]
fn every_changed_byte_is_noticed() {
    let good = provenance(&described(2)).unwrap().remove(0);
    let read = parse(&good).unwrap();
    for index in 0..good.len() {
        let mut bytes = good.clone().into_bytes();
        bytes[index] ^= 1;
        let Ok(text) = String::from_utf8(bytes) else { continue };
        assert_ne!(parse(&text).ok().as_ref(), Some(&read), "byte {index}");
    }
    for length in 0..good.len() {
        assert!(parse(&good[..length]).is_err(), "{length} bytes");
    }
}

#[test]
fn the_subjects_of_any_statement_can_be_read() {
    let hex = Digest::of(b"x").hex();
    let statement = |kind: &str, subject: &str| {
        format!(
            "{{\"_type\":\"https://in-toto.io/Statement/{kind}\",\"subject\":[{subject}],\
             \"predicateType\":\"https://example.com/p\",\"predicate\":{{\"a\":[1]}}}}"
        )
    };
    let other = "{\"digest\":{\"sha512\":\"00\"}}";
    let both = format!("{other},{{\"digest\":{{\"sha256\":\"{hex}\"}}}}");
    for kind in ["v0.1", "v1"] {
        let foreign = read(&statement(kind, &both)).unwrap();
        assert_eq!(foreign.predicate_type, "https://example.com/p");
        assert_eq!(foreign.subjects, [(String::new(), Digest::of(b"x"))]);
    }
    let ours = provenance(&input(3)).unwrap().remove(0);
    assert_eq!(read(&ours).unwrap().subjects, parse(&ours).unwrap().subjects().unwrap());

    let code = |text: &str| read(text).unwrap_err().code.to_string();
    assert_eq!(code(&statement("v2", &both)), "statement-type");
    assert_eq!(code("{}"), "statement-syntax");
    let many = vec!["{\"digest\":{}}"; 1_025].join(",");
    assert_eq!(code(&statement("v1", &many)), "statement-subjects");
}
