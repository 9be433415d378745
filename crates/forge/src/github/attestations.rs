//! Attestations: Sigstore bundles, found again by their subjects' digests.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Attestation, Desk, invalid, not_found};
use crate::encoding::from_base64;
use crate::exchange::Reply;

pub(super) fn add(desk: &mut Desk<'_>) -> Reply {
    let mut asked = desk.call.json();
    let bundle = asked.get_mut("bundle").map(Value::take).unwrap_or_default();
    let Some(subjects) = subjects(&bundle).filter(|subjects| !subjects.is_empty()) else {
        return invalid("Attestation", "bundle", "invalid", None);
    };
    let id = desk.github.number();
    let attestation = Attestation { id, subjects, bundle };
    desk.github.repository(&desk.repository).attestations.push(attestation);
    Reply::json(201, &json!({ "id": id }))
}

pub(super) fn of(desk: &Desk<'_>, digest: &str) -> Reply {
    let held = desk.github.repositories.get(&desk.repository);
    let all = held.into_iter().flat_map(|held| &held.attestations);
    let kind = desk.call.parameter("predicate_type");
    let found = all.filter(|one| one.subjects.contains(digest));
    let found = found.filter(|one| {
        let own = statement(&one.bundle);
        let own = own.as_ref().and_then(|own| own.get("predicateType")).and_then(Value::as_str);
        kind.is_none_or(|kind| own == Some(kind))
    });
    let shown = found.map(|one| json!({ "bundle": one.bundle, "repository_id": 1 }));
    let shown: Vec<Value> = shown.collect();
    if shown.is_empty() {
        return not_found();
    }
    Reply::json(200, &json!({ "attestations": shown }))
}

/// The in-toto statement inside a bundle.
fn statement(bundle: &Value) -> Option<Value> {
    let payload = bundle.pointer("/dsseEnvelope/payload")?.as_str()?;
    serde_json::from_slice(&from_base64(payload)?).ok()
}

fn subjects(bundle: &Value) -> Option<BTreeSet<String>> {
    let statement = statement(bundle)?;
    let digests = statement.get("subject")?.as_array()?.iter().filter_map(|subject| {
        let digest = subject.pointer("/digest/sha256")?.as_str()?;
        Some(format!("sha256:{digest}"))
    });
    Some(digests.collect())
}
