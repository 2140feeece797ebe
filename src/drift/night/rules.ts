import { type AlertSettings, PRIORITIES } from "../../model/alert.ts";
import type { AlertTarget } from "../alerts/deliver.ts";
import type { LifeRules } from "../incidents/life.ts";
import { openCalendar } from "../incidents/service-time.ts";
import type { Notice } from "../incidents/types.ts";
import type { OutboxEntry } from "../store/outbox.ts";

/** The settings of a site, by `client/site`. */
export type SettingsOf = (site: string) => AlertSettings;

/** The rules of each site's incidents; a site's calendar is made once. */
export function rulesFrom(settingsOf: SettingsOf): (site: string) => LifeRules {
  const known = new Map<string, LifeRules>();
  return (site) => {
    const found = known.get(site);
    if (found) return found;
    const settings = settingsOf(site);
    const rules = { ...settings, calendar: openCalendar(settings.hours, settings.timezone) };
    known.set(site, rules);
    return rules;
  };
}

/** What the channels of each notice's site are owed. */
export function owedFor(notices: readonly Notice[], settingsOf: SettingsOf): OutboxEntry[] {
  return notices.flatMap((notice) => {
    const { site, facts } = notice.incident;
    return settingsOf(site)
      .channels.filter((channel) => PRIORITIES.indexOf(facts.priority) <= PRIORITIES.indexOf(channel.minimum))
      .filter((channel) => notice.kind !== "closed" || channel.closed)
      .map((channel) => ({ target: targetName(site, channel.name), notice }));
  });
}

/** Every channel of these sites, as the outbox names it. */
export function targetsOf(sites: readonly string[], settingsOf: SettingsOf): AlertTarget[] {
  return sites.flatMap((site) => {
    const { channels, language } = settingsOf(site);
    return channels.map((channel) => ({ target: targetName(site, channel.name), channel, language }));
  });
}

function targetName(site: string, channel: string): string {
  return `${site} ${channel}`;
}
