const text = { type: "string" } as const;
const message = {
  type: "object",
  additionalProperties: false,
  required: ["text"],
  properties: { text, markdown: text, id: text, arguments: { type: "array", items: text } },
} as const;
const place = { type: "integer", minimum: 1 } as const;
const location = {
  type: "object",
  additionalProperties: false,
  properties: {
    id: { type: "integer", minimum: -1 },
    message,
    physicalLocation: {
      type: "object",
      additionalProperties: false,
      required: ["artifactLocation"],
      properties: {
        artifactLocation: {
          type: "object",
          additionalProperties: false,
          properties: { uri: { type: "string", pattern: "^[^\\s\\\\]*$" }, uriBaseId: text },
        },
        region: {
          type: "object",
          additionalProperties: false,
          properties: { startLine: place, startColumn: place, endLine: place, endColumn: place },
        },
      },
    },
    logicalLocations: {
      type: "array",
      uniqueItems: true,
      items: {
        type: "object",
        additionalProperties: false,
        properties: { name: text, fullyQualifiedName: text, kind: text },
      },
    },
  },
} as const;
const rule = {
  type: "object",
  additionalProperties: false,
  required: ["id"],
  properties: { id: text, name: text, shortDescription: message, fullDescription: message, help: message },
} as const;
const suppression = {
  type: "object",
  additionalProperties: false,
  required: ["kind"],
  properties: {
    kind: { enum: ["inSource", "external"] },
    status: { enum: ["accepted", "underReview", "rejected"] },
    justification: text,
  },
} as const;
const result = {
  type: "object",
  additionalProperties: false,
  required: ["message"],
  properties: {
    ruleId: text,
    ruleIndex: { type: "integer", minimum: -1 },
    level: { enum: ["none", "note", "warning", "error"] },
    message,
    locations: { type: "array", items: location },
    relatedLocations: { type: "array", uniqueItems: true, items: location },
    partialFingerprints: { type: "object", additionalProperties: text },
    suppressions: { type: "array", uniqueItems: true, items: suppression },
  },
} as const;
const run = {
  type: "object",
  additionalProperties: false,
  required: ["tool"],
  properties: {
    tool: {
      type: "object",
      additionalProperties: false,
      required: ["driver"],
      properties: {
        driver: {
          type: "object",
          additionalProperties: false,
          required: ["name"],
          properties: {
            name: text,
            semanticVersion: { type: "string", pattern: "^\\d+\\.\\d+\\.\\d+" },
            rules: { type: "array", uniqueItems: true, items: rule },
          },
        },
      },
    },
    columnKind: { enum: ["utf16CodeUnits", "unicodeCodePoints"] },
    originalUriBaseIds: { type: "object" },
    results: { type: "array", items: result },
  },
} as const;

/** The parts of SARIF 2.1.0 that our logs are made of, as the standard defines them (OASIS, sections 3.13 to 3.35): what is
 *  required, of which type, and closed, so that a property that the standard does not know is refused. */
export const SARIF_PARTS = {
  type: "object",
  additionalProperties: false,
  required: ["version", "runs"],
  properties: { $schema: text, version: { const: "2.1.0" }, runs: { type: "array", items: run } },
} as const;
