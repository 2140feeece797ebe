import { type CustomResourceOptions, DynamicResource } from "./pulumi.ts";
import { shim } from "./shim.ts";

/** Version of the shape of inputs and outputs: an older state must stay readable. */
export const INPUT_SCHEMA_VERSION = 1;

/** What Pulumi knows of a device: small, and free of secrets. */
export interface DeviceInputs {
  readonly schemaVersion: typeof INPUT_SCHEMA_VERSION;
  /** `client/site/device`; changes with a rename. */
  readonly device: string;
  /** The identity: name of the resource and id (D1). */
  readonly asset: string;
  /** `client/site`. */
  readonly site: string;
  readonly platform: string;
  /** Management address, model and serial: a new one is an update of the same resource. */
  readonly address: string;
  readonly model: string;
  readonly serial: string;
  readonly intendedDigest: string;
  /** `SCHEME:LOCATOR` to version. */
  readonly secretVersions: Readonly<Record<string, string>>;
  /** Keyed fingerprint of the commands that a plan gave, or what is to be saved; empty where no plan has work for it. */
  readonly commandsDigest: string;
}

/** What Pulumi keeps of a device after a push or a refresh. */
export interface DeviceOutputs extends DeviceInputs {
  /** Id of the receipt. */
  readonly receipt: string;
  /** Keyed fingerprint of the running configuration. */
  readonly running: string;
  /** True where a refresh found the device other than our last push left it. */
  readonly drift: boolean;
  /** Paths that drifted, redacted, the first hundred. */
  readonly drifted: readonly string[];
}

/** One device's configuration as a resource; its name is the asset id. */
export class DeviceConfig extends DynamicResource {
  constructor(inputs: DeviceInputs, options: CustomResourceOptions = {}) {
    const outputs = { receipt: undefined, running: undefined, drift: undefined, drifted: undefined };
    super(shim, inputs.asset, { ...inputs, ...outputs }, options, "sitewright", "DeviceConfig");
  }
}

/** The type token that state and targets show. */
export const DEVICE_CONFIG_TYPE = "pulumi-nodejs:dynamic/sitewright:DeviceConfig";
