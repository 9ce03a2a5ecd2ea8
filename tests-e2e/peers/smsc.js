// A message centre for tests, on the server half of the npm package `smpp`.
//
// The first line on standard input is a JSON object of options (below); the port appears in the
// `listening` event. Each later line changes options, or holds one command:
//   {"drop": true}      closes every connection without a word
//   {"deliver": {...}}  sends a deliver_sm (source, destination, esm_class, data_coding, short_message as hex)
// Every event is one JSON line on standard output. The end of standard input ends the program.
'use strict';

const readline = require('node:readline');
const smpp = require('smpp');

const options = {
  port: 0, //             0 takes any free port
  system_id: 'fiador', // what a bind must present
  password: 'secret', //  likewise
  bind_refusal: smpp.ESME_RBINDFAIL, // 0x0D; centres also use 0x0E and 0x0F
  tls: null, //           {key, cert} in PEM turns the port into a TLS port
  die_mid_bind: 0, //     so many binds are answered by closing the connection
  throttle_every: 0, //   every Nth submit is refused with `throttle_status`
  throttle_status: smpp.ESME_RTHROTTLED,
  answer_delay_ms: 0, //  how long a submit waits for its answer
  silent: false, //       submits are never answered
  drop_after: 0, //       the Nth submit of a connection closes it, unanswered
  receipt: 'DELIVRD', //  final state told in a receipt when one was asked for; null sends none
  receipt_delay_ms: 0,
  receipt_early: false, // the receipt is sent before the answer to its submit
  receipt_copies: 1, //    how often it is sent
  message_ids: 'words', // or 'hexadecimal' answers with decimal receipts, or 'decimal' ones the other way round
};

const say = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);
const sessions = new Map();
let connections = 0;
let submits = 0;

// The id as answer and receipt spell it. Far apart, so that no decimal one is a hexadecimal one of another.
function spell(number) {
  const value = 0xabc000 + number * 7;
  const decimal = String(value);
  const hexadecimal = value.toString(16).toUpperCase().padStart(10, '0');
  switch (options.message_ids) {
    case 'hexadecimal': return [hexadecimal, decimal];
    case 'decimal': return [decimal, hexadecimal];
    default: return [`n${number}`, `n${number}`];
  }
}

// The package would decode the text; the tests want the octets as they came.
delete smpp.commands.submit_sm.params.short_message.filter;

function bind(session, mode, pdu) {
  if (options.die_mid_bind > 0) {
    options.die_mid_bind -= 1;
    say({ event: 'bind', session: session.number, mode, system_id: pdu.system_id, status: null });
    session.destroy();
    return;
  }
  const known = pdu.system_id === options.system_id && pdu.password === options.password;
  const status = known ? smpp.ESME_ROK : options.bind_refusal;
  session.send(pdu.response({ command_status: status, system_id: 'npm-smpp' }));
  say({ event: 'bind', session: session.number, mode, system_id: pdu.system_id, status });
  if (status === smpp.ESME_ROK) {
    session.mode = mode;
  } else {
    session.close();
  }
}

function submit(session, pdu) {
  session.submits += 1;
  submits += 1;
  const dropped = options.drop_after > 0 && session.submits >= options.drop_after;
  const throttled = options.throttle_every > 0 && submits % options.throttle_every === 0;
  let status = throttled ? options.throttle_status : smpp.ESME_ROK;
  if (!session.mode || session.mode === 'receiver') status = smpp.ESME_RINVBNDSTS;
  const [message_id, receipted_id] = spell(submits);
  say({
    event: 'submit',
    session: session.number,
    status: dropped || options.silent ? null : status,
    message_id,
    source: pdu.source_addr,
    source_ton: pdu.source_addr_ton,
    source_npi: pdu.source_addr_npi,
    destination: pdu.destination_addr,
    destination_ton: pdu.dest_addr_ton,
    destination_npi: pdu.dest_addr_npi,
    esm_class: pdu.esm_class,
    protocol_id: pdu.protocol_id,
    data_coding: pdu.data_coding,
    registered_delivery: pdu.registered_delivery,
    short_message: Buffer.from(pdu.short_message.message ?? pdu.short_message).toString('hex'),
  });
  if (dropped) {
    session.destroy();
  } else if (!options.silent) {
    const wanted = status === smpp.ESME_ROK && pdu.registered_delivery & 1 && options.receipt;
    const receipts = () => {
      for (let copy = 0; wanted && copy < options.receipt_copies; copy += 1) receipt(session, pdu, receipted_id);
    };
    setTimeout(() => {
      if (options.receipt_early) receipts();
      session.send(pdu.response({ command_status: status, message_id }));
      if (!options.receipt_early) setTimeout(receipts, options.receipt_delay_ms);
    }, options.answer_delay_ms);
  }
}

// SMPP 3.4, appendix B: the usual text, and the same facts as optional parameters.
function receipt(session, pdu, message_id) {
  const delivered = options.receipt === 'DELIVRD';
  const text =
    `id:${message_id} sub:001 dlvrd:00${delivered ? 1 : 0} submit date:2601010000 ` +
    `done date:2601010001 stat:${options.receipt} err:000 text:`;
  const fields = {
    source_addr: pdu.destination_addr,
    destination_addr: pdu.source_addr,
    esm_class: 0x04,
    data_coding: 0,
    short_message: Buffer.from(text, 'latin1'),
    receipted_message_id: message_id,
    message_state: delivered ? 2 : 5,
  };
  session.deliver_sm(fields, (answer) =>
    say({ event: 'receipt', session: session.number, message_id, status: answer.command_status }),
  );
}

function deliver(message) {
  for (const session of sessions.values()) {
    if (session.mode === 'receiver' || session.mode === 'transceiver') {
      const fields = {
        source_addr: message.source,
        destination_addr: message.destination,
        esm_class: message.esm_class ?? 0,
        data_coding: message.data_coding ?? 0,
        short_message: Buffer.from(message.short_message, 'hex'),
      };
      session.deliver_sm(fields, (answer) =>
        say({ event: 'delivered', session: session.number, status: answer.command_status }),
      );
      return;
    }
  }
}

function serve(session) {
  session.number = ++connections;
  session.submits = 0;
  sessions.set(session.number, session);
  say({ event: 'open', session: session.number });
  session.on('bind_transceiver', (pdu) => bind(session, 'transceiver', pdu));
  session.on('bind_transmitter', (pdu) => bind(session, 'transmitter', pdu));
  session.on('bind_receiver', (pdu) => bind(session, 'receiver', pdu));
  session.on('submit_sm', (pdu) => submit(session, pdu));
  session.on('enquire_link', (pdu) => {
    session.send(pdu.response());
    say({ event: 'enquire_link', session: session.number });
  });
  session.on('unbind', (pdu) => {
    session.send(pdu.response());
    say({ event: 'unbind', session: session.number });
    session.close();
  });
  session.on('error', (error) => say({ event: 'error', session: session.number, error: error.message }));
  session.on('close', () => {
    sessions.delete(session.number);
    say({ event: 'close', session: session.number });
  });
}

function listen() {
  const server = smpp.createServer(options.tls ?? {}, serve);
  server.on('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
  server.listen(options.port, '127.0.0.1', () => say({ event: 'listening', port: server.address().port }));
}

let configured = false;
const input = readline.createInterface({ input: process.stdin });
input.on('line', (line) => {
  const { drop, deliver: message, ...changes } = JSON.parse(line);
  Object.assign(options, changes);
  if (drop) sessions.forEach((session) => session.destroy());
  if (message) deliver(message);
  if (!configured) listen();
  configured = true;
});
input.on('close', () => process.exit(0));
