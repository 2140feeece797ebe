import { ast001 } from "./ast/ast-001.ts";
import { ast002 } from "./ast/ast-002.ts";
import { ast003 } from "./ast/ast-003.ts";
import { ast004 } from "./ast/ast-004.ts";
import { ast005 } from "./ast/ast-005.ts";
import { ast006 } from "./ast/ast-006.ts";
import { ast007 } from "./ast/ast-007.ts";
import { bkp001 } from "./bkp/bkp-001.ts";
import { bkp002 } from "./bkp/bkp-002.ts";
import { bkp003 } from "./bkp/bkp-003.ts";
import { bkp004 } from "./bkp/bkp-004.ts";
import { bkp005 } from "./bkp/bkp-005.ts";
import { bkp006 } from "./bkp/bkp-006.ts";
import { bkp007 } from "./bkp/bkp-007.ts";
import { bkp008 } from "./bkp/bkp-008.ts";
import { bkp009 } from "./bkp/bkp-009.ts";
import { bkp010 } from "./bkp/bkp-010.ts";
import { bkp011 } from "./bkp/bkp-011.ts";
import { bkp012 } from "./bkp/bkp-012.ts";
import { chg001 } from "./chg/chg-001.ts";
import { chg002 } from "./chg/chg-002.ts";
import { chg003 } from "./chg/chg-003.ts";
import { chg004 } from "./chg/chg-004.ts";
import { chg005 } from "./chg/chg-005.ts";
import { chg006 } from "./chg/chg-006.ts";
import { chg007 } from "./chg/chg-007.ts";
import { chg008 } from "./chg/chg-008.ts";
import { chg009 } from "./chg/chg-009.ts";
import { crd001 } from "./crd/crd-001.ts";
import { crd002 } from "./crd/crd-002.ts";
import { crd003 } from "./crd/crd-003.ts";
import { crd004 } from "./crd/crd-004.ts";
import { crd005 } from "./crd/crd-005.ts";
import { crd006 } from "./crd/crd-006.ts";
import { crd007 } from "./crd/crd-007.ts";
import { crd008 } from "./crd/crd-008.ts";
import { drf001 } from "./drf/drf-001.ts";
import { drf002 } from "./drf/drf-002.ts";
import { drf003 } from "./drf/drf-003.ts";
import { drf004 } from "./drf/drf-004.ts";
import { drf005 } from "./drf/drf-005.ts";
import { ipp001 } from "./ipp/ipp-001.ts";
import { ipp002 } from "./ipp/ipp-002.ts";
import { ipp003 } from "./ipp/ipp-003.ts";
import { ipp004 } from "./ipp/ipp-004.ts";
import { ipp005 } from "./ipp/ipp-005.ts";
import { ipp006 } from "./ipp/ipp-006.ts";
import { ipp007 } from "./ipp/ipp-007.ts";
import { ipp008 } from "./ipp/ipp-008.ts";
import { ipp009 } from "./ipp/ipp-009.ts";
import { ipp010 } from "./ipp/ipp-010.ts";
import { ipp011 } from "./ipp/ipp-011.ts";
import { ipp012 } from "./ipp/ipp-012.ts";
import { ipp013 } from "./ipp/ipp-013.ts";
import { ipp014 } from "./ipp/ipp-014.ts";
import { ipp015 } from "./ipp/ipp-015.ts";
import { ipp016 } from "./ipp/ipp-016.ts";
import { ipp017 } from "./ipp/ipp-017.ts";
import { ipp018 } from "./ipp/ipp-018.ts";
import { ipp019 } from "./ipp/ipp-019.ts";
import { l2001 } from "./l2/l2-001.ts";
import { l2002 } from "./l2/l2-002.ts";
import { l2003 } from "./l2/l2-003.ts";
import { l2004 } from "./l2/l2-004.ts";
import { l2005 } from "./l2/l2-005.ts";
import { l2006 } from "./l2/l2-006.ts";
import { l2007 } from "./l2/l2-007.ts";
import { l2008 } from "./l2/l2-008.ts";
import { l2009 } from "./l2/l2-009.ts";
import { l2010 } from "./l2/l2-010.ts";
import { l2011 } from "./l2/l2-011.ts";
import { l2012 } from "./l2/l2-012.ts";
import { l2013 } from "./l2/l2-013.ts";
import { l2014 } from "./l2/l2-014.ts";
import { l2015 } from "./l2/l2-015.ts";
import { l2016 } from "./l2/l2-016.ts";
import { l2017 } from "./l2/l2-017.ts";
import { l2018 } from "./l2/l2-018.ts";
import { l2019 } from "./l2/l2-019.ts";
import { l2020 } from "./l2/l2-020.ts";
import { l2021 } from "./l2/l2-021.ts";
import { l2022 } from "./l2/l2-022.ts";
import { mgt001 } from "./mgt/mgt-001.ts";
import { mgt002 } from "./mgt/mgt-002.ts";
import { mgt003 } from "./mgt/mgt-003.ts";
import { mgt004 } from "./mgt/mgt-004.ts";
import { mgt005 } from "./mgt/mgt-005.ts";
import { mgt006 } from "./mgt/mgt-006.ts";
import { mgt007 } from "./mgt/mgt-007.ts";
import { mgt008 } from "./mgt/mgt-008.ts";
import { mgt009 } from "./mgt/mgt-009.ts";
import { mgt010 } from "./mgt/mgt-010.ts";
import { mgt011 } from "./mgt/mgt-011.ts";
import { mgt012 } from "./mgt/mgt-012.ts";
import { mgt013 } from "./mgt/mgt-013.ts";
import { mgt014 } from "./mgt/mgt-014.ts";
import { mgt015 } from "./mgt/mgt-015.ts";
import { mgt016 } from "./mgt/mgt-016.ts";
import { mgt017 } from "./mgt/mgt-017.ts";
import { mgt018 } from "./mgt/mgt-018.ts";
import { nam001 } from "./nam/nam-001.ts";
import { red001 } from "./red/red-001.ts";
import { red002 } from "./red/red-002.ts";
import { red003 } from "./red/red-003.ts";
import { red004 } from "./red/red-004.ts";
import { red005 } from "./red/red-005.ts";
import { red006 } from "./red/red-006.ts";
import { red007 } from "./red/red-007.ts";
import { red008 } from "./red/red-008.ts";
import { red009 } from "./red/red-009.ts";
import { rul001 } from "./rul/rul-001.ts";
import { rul002 } from "./rul/rul-002.ts";
import { rul003 } from "./rul/rul-003.ts";
import { rul004 } from "./rul/rul-004.ts";
import { rul005 } from "./rul/rul-005.ts";
import { rul006 } from "./rul/rul-006.ts";
import { rul007 } from "./rul/rul-007.ts";
import { rul008 } from "./rul/rul-008.ts";
import { rul009 } from "./rul/rul-009.ts";
import { rul010 } from "./rul/rul-010.ts";
import { rul011 } from "./rul/rul-011.ts";
import { rul012 } from "./rul/rul-012.ts";
import { rul013 } from "./rul/rul-013.ts";
import { rul014 } from "./rul/rul-014.ts";
import { rul015 } from "./rul/rul-015.ts";
import { rul016 } from "./rul/rul-016.ts";
import { rul017 } from "./rul/rul-017.ts";
import { rul018 } from "./rul/rul-018.ts";
import { rul019 } from "./rul/rul-019.ts";
import { sys001 } from "./sys/sys-001.ts";
import { sys002 } from "./sys/sys-002.ts";
import { sys003 } from "./sys/sys-003.ts";
import { sys004 } from "./sys/sys-004.ts";
import { sys005 } from "./sys/sys-005.ts";
import type { Check } from "./types.ts";
import { zon001 } from "./zon/zon-001.ts";
import { zon002 } from "./zon/zon-002.ts";
import { zon003 } from "./zon/zon-003.ts";
import { zon004 } from "./zon/zon-004.ts";
import { zon005 } from "./zon/zon-005.ts";
import { zon006 } from "./zon/zon-006.ts";
import { zon007 } from "./zon/zon-007.ts";
import { zon008 } from "./zon/zon-008.ts";
import { zon009 } from "./zon/zon-009.ts";
import { zon010 } from "./zon/zon-010.ts";
import { zon011 } from "./zon/zon-011.ts";
import { zon012 } from "./zon/zon-012.ts";

/** Every check, by area and number. */
export const CATALOGUE: readonly Check[] = [
  zon001,
  zon002,
  zon003,
  zon004,
  zon005,
  zon006,
  zon007,
  zon008,
  zon009,
  zon010,
  zon011,
  zon012,
  rul001,
  rul002,
  rul003,
  rul004,
  rul005,
  rul006,
  rul007,
  rul008,
  rul009,
  rul010,
  rul011,
  rul012,
  rul013,
  rul014,
  rul015,
  rul016,
  rul017,
  rul018,
  rul019,
  mgt001,
  mgt002,
  mgt003,
  mgt004,
  mgt005,
  mgt006,
  mgt007,
  mgt008,
  mgt009,
  mgt010,
  mgt011,
  mgt012,
  mgt013,
  mgt014,
  mgt015,
  mgt016,
  mgt017,
  mgt018,
  crd001,
  crd002,
  crd003,
  crd004,
  crd005,
  crd006,
  crd007,
  crd008,
  l2001,
  l2002,
  l2003,
  l2004,
  l2005,
  l2006,
  l2007,
  l2008,
  l2009,
  l2010,
  l2011,
  l2012,
  l2013,
  l2014,
  l2015,
  l2016,
  l2017,
  l2018,
  l2019,
  l2020,
  l2021,
  l2022,
  ipp001,
  ipp002,
  ipp003,
  ipp004,
  ipp005,
  ipp006,
  ipp007,
  ipp008,
  ipp009,
  ipp010,
  ipp011,
  ipp012,
  ipp013,
  ipp014,
  ipp015,
  ipp016,
  ipp017,
  ipp018,
  ipp019,
  red001,
  red002,
  red003,
  red004,
  red005,
  red006,
  red007,
  red008,
  red009,
  bkp001,
  bkp002,
  bkp003,
  bkp004,
  bkp005,
  bkp006,
  bkp007,
  bkp008,
  bkp009,
  bkp010,
  bkp011,
  bkp012,
  chg001,
  chg002,
  chg003,
  chg004,
  chg005,
  chg006,
  chg007,
  chg008,
  chg009,
  ast001,
  ast002,
  ast003,
  ast004,
  ast005,
  ast006,
  ast007,
  drf001,
  drf002,
  drf003,
  drf004,
  drf005,
  sys001,
  sys002,
  sys003,
  sys004,
  sys005,
  nam001,
];

const byId: ReadonlyMap<string, Check> = new Map(CATALOGUE.map((check) => [check.id, check]));

/** Gives a check by its id; undefined where the catalogue has none of that id. */
export function checkById(id: string): Check | undefined {
  return byId.get(id);
}
