import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { deletedLast } from "../lifecycle";
import { expression } from "../reference";
import type { DnsZone } from "./dns-zone";

/** Properties of a {@link Certificate}. */
export interface CertificateProps {
  /** Its names, the first one its subject; `*.example.com` stands for all names of one level. */
  readonly domains: readonly string[];
  /** Where the records that prove the ownership are created. @default somebody else creates `recordsToCreate` */
  readonly zone?: DnsZone | undefined;
}

/**
 * A certificate of ACM, which renews it as long as its DNS records are there. Terraform waits until ACM has issued it: without
 * a zone, until somebody has created the records. Source: https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
 */
export class Certificate extends Construct {
  /** ARN, known once it is issued. */
  readonly arn: string;
  /** The records that prove the ownership, a Terraform expression of a list of objects with name, type and value. */
  readonly recordsToCreate: string;

  constructor(scope: Construct, id: string, { domains, zone }: CertificateProps) {
    super(scope, id);
    const [domainName, ...others] = domains;
    const certificate = new AcmCertificate(this, "certificate", {
      domainName: domainName!,
      ...(others.length > 0 ? { subjectAlternativeNames: others } : {}),
      validationMethod: "DNS",
      // A listener must have the new one before AWS deletes the old one.
      lifecycle: deletedLast,
    });
    const records = zone && this.validationRecords(certificate, zone);
    this.arn = new AcmCertificateValidation(this, "validation", {
      certificateArn: certificate.arn,
      ...(records
        ? { validationRecordFqdns: Token.asList(`\${[for record in ${expression(this, records.fqn)} : record.fqdn]}`) }
        : {}),
    }).certificateArn;
    this.recordsToCreate = `[for option in ${expression(this, certificate.fqn)}.domain_validation_options : { name = option.resource_record_name, type = option.resource_record_type, value = option.resource_record_value }]`;
  }

  private validationRecords(certificate: AcmCertificate, zone: DnsZone): Route53Record {
    const record = new Route53Record(this, "validation-record", {
      zoneId: zone.zoneId,
      name: "${each.value.resource_record_name}",
      type: "${each.value.resource_record_type}",
      records: ["${each.value.resource_record_value}"],
      ttl: 60,
      // A name and its wildcard have the same record, and so have two certificates of one name.
      allowOverwrite: true,
    });
    // Not with cdktf's iterator: it makes a list of the set, and before apply the list of two names has an unknown length.
    const options = `${expression(this, certificate.fqn)}.domain_validation_options`;
    record.addOverride("for_each", `\${{ for option in ${options} : option.domain_name => option }}`);
    return record;
  }
}
