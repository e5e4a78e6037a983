//! Messages and methods, held against the engine's own forms and the list of operations.
use super::super::{
    described::{DESCRIPTORS, Described, snake},
    forms::SCHEMAS,
    from_message, status, to_message,
};
use crate::serve::{Operation, Problem, operation::Work};
use ims_core::{Command, CommandId, Error, Event, OrderStatus, Receipt, Rejection, StoreError, StoreErrorKind};
use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::{collections::BTreeSet, fmt::Debug, fs, path::Path};
use tonic::Code;
use tonic_types::pb;

fn pool() -> DescriptorPool {
    DescriptorPool::decode(DESCRIPTORS).unwrap()
}

/// What comes back when JSON has gone over the wire as a message of this name.
fn over_the_wire(described: &Described, name: &str, json: &Value) -> Value {
    let of = pool().get_message_by_name(&format!("ims.v1.{name}")).unwrap();
    let sent = to_message::message(&described.forms, &of, json).unwrap_or_else(|problem| panic!("{json}: {problem:?}"));
    let bytes = sent.encode_to_vec();
    let received = DynamicMessage::decode(of, bytes.as_slice()).unwrap();
    from_message::json(&described.forms, &received).unwrap_or_else(|problem| panic!("{json}: {problem:?}"))
}

fn come_back<T: DeserializeOwned + PartialEq + Debug>(name: &str, file: &str) {
    let described = Described::read().unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("ims-core/tests/forms/v1");
    let examples = fs::read(folder.join(file).with_extension("json")).unwrap();
    let examples: Vec<Value> = serde_json::from_slice(&examples).unwrap();
    assert!(!examples.is_empty());
    for example in examples {
        let back = over_the_wire(&described, name, &example);
        let back = serde_json::from_value::<T>(back.clone()).unwrap_or_else(|error| panic!("{back}: {error}"));
        assert_eq!(back, serde_json::from_value::<T>(example).unwrap());
    }
}

#[test]
fn what_is_sent_as_a_message_is_what_the_engine_reads() {
    come_back::<Command>("Command", "commands");
}

#[test]
fn what_the_engine_writes_is_what_a_caller_reads() {
    come_back::<Receipt>("Receipt", "receipts");
    come_back::<Rejection>("Rejection", "rejections");
    come_back::<Event>("Event", "events");
}

#[test]
fn a_field_of_an_update_is_kept_set_or_emptied() {
    let described = Described::read().unwrap();
    let item = "00000000-0000-0000-0000-000000000001";
    for update in [json!({"item": item}), json!({"item": item, "price": null}), json!({"item": item, "price": "2.5"})] {
        assert_eq!(over_the_wire(&described, "UpdateItemRequest", &update), update);
    }
}

#[test]
fn a_word_that_was_not_said_is_left_out_and_one_that_there_is_not_is_refused() {
    let described = Described::read().unwrap();
    let of = pool().get_message_by_name("ims.v1.ProfitRequest").unwrap();
    let mut message = DynamicMessage::new(of);
    assert_eq!(from_message::fields(&described.forms, &message).unwrap().get("by"), None);
    message.set_field_by_name("by", prost_reflect::Value::EnumNumber(77));
    let problem = from_message::fields(&described.forms, &message).unwrap_err();
    assert_eq!((problem.code(), problem.detail()), ("malformed", "by: there is no 77"));
}

#[test]
fn a_choice_without_anything_set_is_malformed() {
    let described = Described::read().unwrap();
    let message = DynamicMessage::new(pool().get_message_by_name("ims.v1.ReturnedGoods").unwrap());
    let problem = from_message::json(&described.forms, &message).unwrap_err();
    assert_eq!((problem.code(), problem.detail()), ("malformed", "nothing is set in a ReturnedGoods"));
}

#[test]
fn every_method_is_an_operation_and_the_other_way_round() {
    let described = Described::read().unwrap();
    let others =
        ["events", "account", "first_admin", "register", "accept_invitation", "sign_in", "refresh_tokens", "sign_out"];
    let methods: BTreeSet<String> = described.names().map(snake).collect();
    let file: Value = serde_json::from_str(SCHEMAS).unwrap();
    // Of the server's own affairs, such as its users, only signing in is there.
    let is_offered = |operation: &&Operation| match operation.work {
        Work::Command(_) | Work::Batch => true,
        Work::Question(question) => file["schemas"].get(question.answer).is_some(),
        _ => false,
    };
    let operations = Operation::all().filter(is_offered).map(|operation| operation.name.to_owned());
    assert_eq!(methods, operations.chain(others.map(str::to_owned)).collect());
}

#[test]
fn every_name_of_a_schema_has_its_place_in_a_message() {
    // What a message has no field for would be lost without a word.
    let pool = pool();
    let file: Value = serde_json::from_str(SCHEMAS).unwrap();
    for (name, schema) in file["schemas"].as_object().unwrap() {
        let Some(message) = pool.get_message_by_name(&format!("ims.v1.{name}")) else { continue };
        for field in schema["properties"].as_object().into_iter().flatten().map(|(field, _)| field) {
            assert!(message.get_field_by_name(field).is_some(), "{name} has no {field}");
        }
    }
}

fn details(problem: &Problem) -> (Code, pb::ErrorInfo, pb::Status) {
    let status = status::of(&Described::read().unwrap(), problem);
    let told = pb::Status::decode(status.details()).unwrap();
    assert_eq!((told.code, told.message.as_str()), (status.code() as i32, status.message()));
    let info = &told.details[0];
    assert_eq!(info.type_url, "type.googleapis.com/google.rpc.ErrorInfo");
    (status.code(), pb::ErrorInfo::decode(info.value.as_slice()).unwrap(), told)
}

#[test]
fn a_refusal_tells_its_code_its_numbers_and_itself() {
    let refusal = Rejection::InsufficientStock {
        sku: "TEA-1".parse().unwrap(),
        site: "MAIN".into(),
        wanted: "6".parse().unwrap(),
        available: "5".parse().unwrap(),
    };
    let (code, info, told) = details(&Problem::from(&refusal));
    assert_eq!(
        (code, info.reason.as_str(), info.domain.as_str()),
        (Code::FailedPrecondition, "insufficient_stock", "ims")
    );
    assert_eq!((info.metadata["wanted"].as_str(), info.metadata["available"].as_str()), ("6", "5"));
    let whole = told.details.last().unwrap();
    assert_eq!(whole.type_url, "type.googleapis.com/ims.v1.Rejection");
    let of = pool().get_message_by_name("ims.v1.Rejection").unwrap();
    let message = DynamicMessage::decode(of, whole.value.as_slice()).unwrap();
    let json = from_message::json(&Described::read().unwrap().forms, &message).unwrap();
    assert_eq!(serde_json::from_value::<Rejection>(json).unwrap(), refusal);
}

#[test]
fn every_problem_has_a_status_of_its_kind() {
    let id = CommandId::from_u128(1);
    let store = |kind| Problem::from(StoreError::new(kind, "gone"));
    for (problem, code) in [
        (Problem::malformed("?"), Code::InvalidArgument),
        (Problem::unauthenticated("?"), Code::Unauthenticated),
        (Problem::no_right(crate::serve::Right::Sell), Code::PermissionDenied),
        (Problem::not_found("?"), Code::NotFound),
        (Problem::from(&Rejection::UnknownLine { line: 3 }), Code::NotFound),
        (Problem::from(&Rejection::CodeTaken { taken: "MAIN".into() }), Code::AlreadyExists),
        (Problem::from(&Rejection::NoLines), Code::InvalidArgument),
        (Problem::from(&Rejection::OrderEnded { status: OrderStatus::Shipped }), Code::FailedPrecondition),
        (Problem::from(Error::IdReused { id }), Code::AlreadyExists),
        (Problem::from(Error::Contended { attempts: 100 }), Code::Unavailable),
        (Problem::from(Error::Stopped), Code::Unavailable),
        (Problem::from(Error::Internal { invariant: "?" }), Code::Internal),
        (store(StoreErrorKind::Unknown), Code::Unavailable),
        (store(StoreErrorKind::Unavailable), Code::Unavailable),
        (store(StoreErrorKind::Corrupt), Code::Internal),
        (Problem::timed_out(), Code::DeadlineExceeded),
    ] {
        let (found, info, told) = details(&problem);
        assert_eq!((found, info.reason.as_str()), (code, problem.code()));
        let retries = told.details.iter().any(|detail| detail.type_url.ends_with("google.rpc.RetryInfo"));
        assert_eq!(retries, problem.retry_after_s().is_some(), "{problem:?}");
    }
}
