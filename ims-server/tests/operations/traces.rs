//! What a collector of traces gets.

use crate::{grpc::Caller, server::Server};
use opentelemetry_proto::tonic::{collector::trace::v1::ExportTraceServiceRequest, trace::v1::Span};
use prost::Message;
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    sync::mpsc::{Receiver, channel},
};

/// Takes traces as a collector does; returns where, and what comes.
fn collector() -> (String, Receiver<Vec<Span>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1/traces", listener.local_addr().unwrap());
    let (tell, spans) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut reader = BufReader::new(stream);
            let mut length = 0;
            for line in reader.by_ref().lines().map_while(Result::ok).take_while(|line| !line.is_empty()) {
                if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            let request = ExportTraceServiceRequest::decode(body.as_slice()).unwrap();
            let scopes = request.resource_spans.into_iter().flat_map(|resource| resource.scope_spans);
            let _ = tell.send(scopes.flat_map(|scope| scope.spans).collect());
            reader.get_mut().write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
        }
    });
    (url, spans)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_request_goes_on_with_the_trace_of_its_caller() {
    let (url, spans) = collector();
    let server = Server::start(&[&format!("traces.endpoint={url}"), "health.keep_ms=0"]);
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let caller = "00f067aa0ba902b7";
    server.get_with("/health/ready", &[&format!("traceparent: 00-{trace}-{caller}-01"), "x-request-id: traced"]);
    assert_eq!(server.end().code(), Some(0));
    // The server has ended, and so it has sent everything.
    let ours: Vec<Span> = spans.try_iter().flatten().filter(|span| hex(&span.trace_id) == trace).collect();
    let named = |name: &str| ours.iter().find(|span| span.name == name).unwrap_or_else(|| panic!("{name}: {ours:?}"));
    let request = ours.iter().find(|span| hex(&span.parent_span_id) == caller).unwrap();
    let says = |key: &str| request.attributes.iter().any(|attribute| attribute.key == key);
    assert!(says("http.response.status_code") && says("request_id"), "{request:?}");
    assert_eq!(named("store.events").parent_span_id, request.span_id);
}

#[test]
fn a_call_by_grpc_goes_on_with_the_trace_of_its_caller() {
    let (url, spans) = collector();
    let server = Server::start(&[&format!("traces.endpoint={url}"), "grpc.address=127.0.0.1:0"]);
    let line = server.line(|line| line.starts_with("gRPC at "));
    let trace = "4bf92f3577b34da6a3ce929d0e0e4737";
    let parent = format!("00-{trace}-00f067aa0ba902b7-01");
    let caller = Caller::new(line.trim_start_matches("gRPC at "));
    assert!(caller.call_with("Shop", &[("traceparent", &parent)], &[]).is_err(), "nobody has signed in");
    drop(caller);
    assert_eq!(server.end().code(), Some(0));
    let request = spans.try_iter().flatten().find(|span| hex(&span.trace_id) == trace).unwrap();
    assert!(format!("{:?}", request.attributes).contains("/ims.v1.Inventory/Shop"), "{request:?}");
}

#[test]
fn a_collector_that_is_not_there_disturbs_nobody() {
    let server = Server::start(&["traces.endpoint=http://127.0.0.1:9/v1/traces"]);
    assert_eq!(server.get("/health/ready").status, 200);
    assert_eq!(server.end().code(), Some(0));
}
