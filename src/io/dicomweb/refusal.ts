import { type ErrorTag, GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import type { ArchiveAccess } from "./transport.ts";

/** What a connection that never came about, or broke, is about: the codes of Node and of `npm start`'s server. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|SSL/;
const NOBODY = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|TIMEOUT/;

/** Where `npm start`'s server could not reach the archive, its answer names the reason in this header. */
export const CAUSE_HEADER = "x-graderspace-cause";

/**
 * The sentence for a request without an answer.
 * @param code what the system says of it; null where a browser hides it
 * @param answered whether this archive has answered before
 */
export function noAnswer(
  { host, instead }: Pick<ArchiveAccess, "host" | "instead">,
  code: string | null,
  answered: boolean,
): GraderspaceError {
  if (code !== null && CERTIFICATE.test(code)) {
    return refused("ArchiveUnreachable", host, {
      problem: say`its certificate is not trusted (${code})`,
      remedy: say`have the archive's certificate renewed, or name its authority in NODE_EXTRA_CA_CERTS`,
    });
  }
  if (code !== null && NOBODY.test(code)) {
    return refused("ArchiveUnreachable", host, {
      problem: say`nobody answers there (${code})`,
      remedy: say`check the address, and that the archive runs`,
    });
  }
  if (answered || code !== null) {
    return refused("ArchiveUnreachable", host, {
      problem: say`the connection was cut`,
      remedy: say`check the connection and try again; what has come is kept`,
    });
  }
  return refused("ArchiveUnreachable", host, {
    problem: say`the browser got no answer: nobody answers there, or the archive does not allow this page (CORS)`,
    remedy:
      instead ??
      say`start the page with npm start -- --dicomweb ADDRESS, or have the archive allow this page's address`,
  });
}

/** The sentence for an answer that is no success. `before`: requests with the same credentials were answered. */
export function badStatus(
  { host, instead }: Pick<ArchiveAccess, "host" | "instead">,
  status: number,
  what: string,
  before: boolean,
): GraderspaceError {
  if (status === 401 || status === 403) {
    const wanted = before ? say`the login has ended` : say`the archive wants a login, or does not accept this one`;
    return refused("ArchiveLogin", host, {
      problem: say`${wanted} (${status})`,
      remedy: before ? say`log in again; what has come is kept` : say`log in`,
    });
  }
  if (status === 404 || status === 410) {
    return refused("ArchiveNotFound", host, {
      problem: say`it does not have ${what} (${status})`,
      remedy: say`search it again, or check the address of the service`,
    });
  }
  if (status === 429) {
    return refused("ArchiveBusy", host, {
      problem: say`it asks for fewer requests (429), and still does after every wait that it asked for`,
      remedy: instead ? say`try again later, or ${instead}` : say`try again later`,
    });
  }
  return refused("ArchiveAnswer", host, {
    problem: say`it answered ${status} to ${what}`,
    remedy: status >= 500 ? say`try again, or ask whoever runs it` : say`check the address of the service`,
  });
}

/** The sentence for an answer that is a success and not what was asked for. */
export function oddAnswer(host: string, problem: Text): GraderspaceError {
  return refused("ArchiveAnswer", host, { problem, remedy: say`check that the address is that of a DICOMweb service` });
}

function refused(
  tag: ErrorTag,
  host: string,
  facts: { readonly problem: Text; readonly remedy: Text },
): GraderspaceError {
  return new GraderspaceError(tag, { file: host, ...facts });
}
