//! Attestations: Sigstore bundles, which are found by the digests of their subjects.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Attestation, Handler, invalid, not_found};
use crate::encoding::from_base64;
use crate::http::Response;

pub(super) fn add(handler: &mut Handler<'_>) -> Response {
    let mut body = handler.request.json();
    let bundle = body.get_mut("bundle").map(Value::take).unwrap_or_default();
    let Some(subjects) = subjects(&bundle).filter(|subjects| !subjects.is_empty()) else {
        return invalid("Attestation", "bundle", "invalid", None);
    };
    let id = handler.github.new_id();
    let attestation = Attestation { id, subjects, bundle };
    handler.github.repository(&handler.repository).attestations.push(attestation);
    Response::json(201, &json!({ "id": id }))
}

pub(super) fn of(handler: &Handler<'_>, digest: &str) -> Response {
    let held = handler.github.repositories.get(&handler.repository);
    let all = held.into_iter().flat_map(|held| &held.attestations);
    let kind = handler.request.parameter("predicate_type");
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
    Response::json(200, &json!({ "attestations": shown }))
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
