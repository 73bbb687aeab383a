#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| phx_channels::fuzzing::websocket(bytes));
