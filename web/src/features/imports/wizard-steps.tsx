import { useTranslation } from 'react-i18next';
import { Steps } from '@/ui/steps';

/** The four steps of the wizard. */
export function WizardSteps({ current }: { current: number }) {
  const { t } = useTranslation('imports');
  const steps = [t('step.upload'), t('step.map'), t('step.check'), t('step.run')];
  return <Steps label={t('wizard.steps')} steps={steps} current={current} />;
}
